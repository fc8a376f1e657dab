//! Errors in the options of a lint run.

use pgmeta_lint::OptionsError;
use pgrx::PgSqlErrorCode;

use crate::error::AreaError;

impl AreaError for OptionsError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE
    }

    fn hint(&self) -> Option<String> {
        Some(OptionsError::hint(self))
    }
}
