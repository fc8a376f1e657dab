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
            _ => PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE,
        }
    }

    fn hint(&self) -> Option<String> {
        Some("pgmeta_template_list() shows the parameters of each template.".to_owned())
    }
}
