//! Options as they are passed: a JSON object, of a size that is read at once. What may be in it, each family says.

use serde_json::Value;

use crate::document::Document;
use crate::error::Error;

/// The longest text of options, in bytes.
const LONGEST: usize = 1 << 20;

/// Reads options; NULL stands for none. Nesting is limited by the parser, numbers to those that a double holds.
pub fn read(options: Option<Document>, example: &str) -> Result<Value, Error> {
    let Some(options) = options else { return Ok(Value::Object(serde_json::Map::new())) };
    let text = options.text();
    let refused = |hint: String| Err(Error::BadArgument { name: "options", value: text.to_owned(), hint });
    if text.len() > LONGEST {
        return refused(format!("Options have {LONGEST} bytes at most."));
    }
    match serde_json::from_str(text).map_err(Error::Options)? {
        options @ Value::Object(_) => Ok(options),
        _ => refused(format!("Pass a JSON object, such as '{example}'.")),
    }
}
