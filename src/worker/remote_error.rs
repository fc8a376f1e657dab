//! An error in a form that can be passed to another process.

use pgrx::PgSqlErrorCode;
use serde_json::{Value, json};

use crate::error::Error;

/// Maximum length of a text: the buffer in shared memory has a fixed size. Longer texts are cut.
const LONGEST: usize = 1000;

/// The parts of an error that the user sees.
#[derive(Clone, Debug)]
pub struct RemoteError {
    pub code: PgSqlErrorCode,
    pub message: String,
    pub detail: Option<String>,
    pub hint: Option<String>,
}

impl RemoteError {
    pub fn encode(&self) -> Vec<u8> {
        let cut = |text: &str| text.chars().take(LONGEST).collect::<String>();
        let value = json!({
            "code": self.code as i32,
            "message": cut(&self.message),
            "detail": self.detail.as_deref().map(cut),
            "hint": self.hint.as_deref().map(cut),
        });
        value.to_string().into_bytes()
    }

    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let value: Value = serde_json::from_slice(bytes).ok()?;
        let text = |key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
        let code = i32::try_from(value.get("code")?.as_i64()?).ok()?;
        Some(Self { code: code.into(), message: text("message")?, detail: text("detail"), hint: text("hint") })
    }
}

impl From<Error> for RemoteError {
    fn from(error: Error) -> Self {
        Self { code: error.code(), message: error.to_string(), detail: error.detail(), hint: error.hint() }
    }
}

impl From<RemoteError> for Error {
    fn from(error: RemoteError) -> Self {
        let RemoteError { code, message, detail, hint } = error;
        Error::Remote { code, message, detail, hint }
    }
}
