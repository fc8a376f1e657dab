//! The answers of `pgmeta_api`: the envelope, and the codes of errors.

use pgmeta_definition::Finding;
use pgrx::PgSqlErrorCode;
use serde_json::{Value, json};

use crate::error::{Error, sqlstate};

/// Why a request failed.
#[derive(Debug)]
pub struct Failure {
    status: u16,
    code: &'static str,
    message: String,
    details: Value,
}

/// The HTTP status and the data of a request that succeeded.
pub struct Success {
    pub status: u16,
    pub message: &'static str,
    pub data: Value,
}

impl Success {
    pub fn ok(message: &'static str, data: Value) -> Self {
        Self { status: 200, message, data }
    }

    pub fn envelope(self) -> Value {
        json!({"status": self.status, "success": true, "message": self.message, "data": self.data, "error": null})
    }
}

impl Failure {
    pub fn envelope(self) -> Value {
        json!({
            "status": self.status, "success": false, "message": self.message, "data": null,
            "error": {"code": self.code, "details": self.details},
        })
    }

    /// No route has this method and path.
    pub fn no_route(method: &str, path: &str) -> Self {
        let message = format!("no route {method} {path}");
        Self { status: 404, code: "SCHEMA_NOT_FOUND", message, details: json!({}) }
    }

    pub fn missing_field(name: &str) -> Self {
        let message = format!("field \"{name}\" is missing");
        Self { status: 400, code: "MISSING_REQUIRED_FIELD", message, details: json!({"field": name}) }
    }

    pub fn wrong_field(name: &str, expected: &str) -> Self {
        let message = format!("field \"{name}\" must be {expected}");
        Self { status: 400, code: "VALIDATION_ERROR", message, details: json!({"field": name}) }
    }

    /// A document with errors. If all have one code that is an error code of the interface, it is the answer's.
    pub fn invalid(errors: &[Finding]) -> Self {
        const OWN: [&str; 3] = ["UNSUPPORTED_DATA_TYPE", "FOREIGN_KEY_ERROR", "DUPLICATE_NAME"];
        let common = |code: &&str| errors.iter().all(|own| own.code == *code);
        let code = OWN.into_iter().find(common).unwrap_or("VALIDATION_ERROR");
        let message = format!("invalid definition: {} errors", errors.len());
        let details = json!({"errors": errors.iter().map(row).collect::<Vec<_>>()});
        Self { status: 400, code, message, details }
    }
}

/// Returns a value that must be a text; null is none.
pub fn text(name: &str, value: Option<Value>) -> Result<Option<String>, Failure> {
    match value {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => Err(Failure::wrong_field(name, "a text")),
    }
}

/// Returns a finding as a row of `pgmeta_definition_validate`.
pub fn row(own: &Finding) -> Value {
    json!({"path": own.path, "code": own.code, "level": own.level.word(), "message": own.message, "hint": own.hint})
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        use PgSqlErrorCode::*;
        let (status, code) = match error.code() {
            ERRCODE_UNDEFINED_OBJECT => (404, "SCHEMA_NOT_FOUND"),
            ERRCODE_DUPLICATE_OBJECT => (409, "DUPLICATE_NAME"),
            ERRCODE_INVALID_TEXT_REPRESENTATION => (400, "INVALID_JSON"),
            ERRCODE_INVALID_PARAMETER_VALUE => (400, "VALIDATION_ERROR"),
            ERRCODE_INSUFFICIENT_PRIVILEGE => (403, "DATABASE_ERROR"),
            ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE | ERRCODE_DUPLICATE_SCHEMA => (409, "DATABASE_ERROR"),
            ERRCODE_DUPLICATE_DATABASE => (409, "DATABASE_CREATION_FAILED"),
            ERRCODE_INTERNAL_ERROR => (500, "INTERNAL_ERROR"),
            _ => (400, "DATABASE_ERROR"),
        };
        let details = json!({"sqlstate": sqlstate(error.code()), "detail": error.detail(), "hint": error.hint()});
        Self { status, code, message: error.to_string(), details }
    }
}

/// Returns a number from 1: as a number, or as a text, which values in a URL are.
pub fn number(name: &str, given: Option<Value>, default: i64) -> Result<i64, Failure> {
    let Some(value) = given else { return Ok(default) };
    let number = value.as_i64().or_else(|| value.as_str()?.parse().ok());
    number
        .filter(|number| (1..=i64::from(i32::MAX)).contains(number))
        .ok_or_else(|| Failure::wrong_field(name, "a number from 1"))
}
