//! What the caller may choose. Read from JSON; an unknown key is an error with a hint that lists the known ones.

use serde_json::Value as Json;

/// What happens to the schemas in a dialect that has none inside of a database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schemas {
    /// Tables keep their names. Tables with one name in two schemas are both named `schema_table`.
    Drop,
    /// Every table is named `schema_table`.
    Prefix,
}

/// The options of a conversion. An option that a dialect has no use for is ignored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// SQLite: tables are STRICT. The default is true.
    pub strict: bool,
    /// SQLite: tables are WITHOUT ROWID, if they have a primary key that SQLite does not number. The default is false.
    pub without_rowid: bool,
    /// Each object is dropped first, if it exists. The default is false.
    pub drop: bool,
    /// What happens to schemas. Absent: SQL Server keeps them, with `dbo` for `public`; the others have
    /// [`Schemas::Drop`].
    pub schemas: Option<Schemas>,
}

impl Default for Options {
    fn default() -> Self {
        Self { strict: true, without_rowid: false, drop: false, schemas: None }
    }
}

/// Why options are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OptionsError {
    /// They are something else than an object.
    #[error("dialect options are not a JSON object")]
    NotAnObject,
    /// A key that there is not.
    #[error("unrecognized dialect option \"{0}\"")]
    UnknownKey(String),
    /// A value of the wrong type.
    #[error("dialect option \"{option}\" requires {expected}")]
    WrongType {
        /// The option.
        option: String,
        /// What it requires.
        expected: &'static str,
    },
}

impl OptionsError {
    /// Returns what the caller can do.
    pub fn hint(&self) -> String {
        match self {
            OptionsError::UnknownKey(_) => format!("Dialect options are: {}.", Options::KEYS.join(", ")),
            OptionsError::NotAnObject | OptionsError::WrongType { .. } => {
                "An example is '{\"drop\": true, \"prefix\": true}'.".to_owned()
            }
        }
    }
}

impl Options {
    /// The keys of the options.
    pub const KEYS: [&str; 4] = ["strict", "without_rowid", "drop", "prefix"];

    /// Reads a JSON object.
    pub fn from_value(value: &Json) -> Result<Self, OptionsError> {
        let object = value.as_object().ok_or(OptionsError::NotAnObject)?;
        let mut options = Self::default();
        for (key, value) in object {
            let wrong = |expected| OptionsError::WrongType { option: key.clone(), expected };
            let flag = || value.as_bool().ok_or_else(|| wrong("true or false"));
            match key.as_str() {
                "strict" => options.strict = flag()?,
                "without_rowid" => options.without_rowid = flag()?,
                "drop" => options.drop = flag()?,
                "prefix" => options.schemas = Some(if flag()? { Schemas::Prefix } else { Schemas::Drop }),
                _ => return Err(OptionsError::UnknownKey(key.clone())),
            }
        }
        Ok(options)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn options_are_read() {
        assert_eq!(Options::from_value(&json!({})), Ok(Options::default()));
        let all = json!({"strict": false, "without_rowid": true, "drop": true, "prefix": true});
        let options = Options { strict: false, without_rowid: true, drop: true, schemas: Some(Schemas::Prefix) };
        assert_eq!(Options::from_value(&all), Ok(options));
        assert_eq!(Options::from_value(&json!([])), Err(OptionsError::NotAnObject));
        let error = OptionsError::UnknownKey("stict".to_owned());
        assert_eq!(error.hint(), "Dialect options are: strict, without_rowid, drop, prefix.");
        assert_eq!(Options::from_value(&json!({"stict": true})), Err(error));
        for wrong in [json!({"strict": 1}), json!({"prefix": "yes"}), json!({"prefix": null})] {
            assert!(matches!(Options::from_value(&wrong), Err(OptionsError::WrongType { .. })), "{wrong}");
        }
    }
}
