//! Errors in documents of other tools.

use pgmeta_definition::ImportError;
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
