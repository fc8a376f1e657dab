//! Errors in documents of other tools.

use pgmeta_definition::{ImportError, TemplateError};
use pgrx::PgSqlErrorCode;

use crate::error::AreaError;

impl AreaError for ImportError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        PgSqlErrorCode::ERRCODE_INVALID_TEXT_REPRESENTATION
    }

    fn hint(&self) -> Option<String> {
        Some("docs/definitions.md describes the formats.".to_owned())
    }
}

impl AreaError for TemplateError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        match self {
            TemplateError::Invalid(_) => PgSqlErrorCode::ERRCODE_INVALID_TEXT_REPRESENTATION,
            TemplateError::TooLong => PgSqlErrorCode::ERRCODE_PROGRAM_LIMIT_EXCEEDED,
            _ => PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
        }
    }

    fn hint(&self) -> Option<String> {
        Some(match self {
            TemplateError::TooLong => "Pass shorter values, or use the parameters in fewer places.".to_owned(),
            _ => "pgmeta_template_list() shows the parameters of each template.".to_owned(),
        })
    }
}
