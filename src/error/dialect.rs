//! Errors in the dialect and the options of a conversion.

use pgmeta_dialect::{OptionsError, UnknownDialect};
use pgrx::PgSqlErrorCode;

use crate::error::AreaError;

impl AreaError for UnknownDialect {
    fn sqlstate(&self) -> PgSqlErrorCode {
        PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE
    }

    fn hint(&self) -> Option<String> {
        Some(UnknownDialect::hint(self))
    }
}

impl AreaError for OptionsError {
    fn sqlstate(&self) -> PgSqlErrorCode {
        PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE
    }

    fn hint(&self) -> Option<String> {
        Some(OptionsError::hint(self))
    }
}
