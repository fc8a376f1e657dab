//! Whether a document has the shape of its JSON Schema: every fault, not only the first.

use std::sync::LazyLock;

use jsonschema::Validator;
use jsonschema::error::ValidationErrorKind;
use serde_json::Value;

use crate::definition::{Definition, FORMAT_VERSION};
use crate::validate::Findings;

/// The validator of the published schema. Absent only if the schema is invalid, which a test excludes.
static VALIDATOR: LazyLock<Option<Validator>> =
    LazyLock::new(|| jsonschema::validator_for(&Definition::json_schema()).ok());

/// The most faults that are looked at: more are of no use.
const MOST: usize = 100;

pub(super) fn check(document: &Value, findings: &mut Findings) {
    const HINT: &str = "pgmeta_definition_schema() describes definitions.";
    let Some(validator) = &*VALIDATOR else { return };
    for error in validator.iter_errors(document).take(MOST) {
        let code = match error.kind() {
            ValidationErrorKind::Required { .. } => "MISSING_REQUIRED_FIELD",
            ValidationErrorKind::AdditionalProperties { .. } | ValidationErrorKind::UnevaluatedProperties { .. } => {
                "UNKNOWN_FIELD"
            }
            ValidationErrorKind::Type { .. } | ValidationErrorKind::AnyOf { .. } => "WRONG_TYPE",
            ValidationErrorKind::Enum { .. } | ValidationErrorKind::Constant { .. } => "UNKNOWN_WORD",
            _ => "INVALID_DEFINITION",
        };
        findings.error(error.instance_path(), code, error.to_string(), HINT);
    }
    let version = document.get("format_version").and_then(Value::as_u64).unwrap_or(FORMAT_VERSION.into());
    if version > FORMAT_VERSION.into() {
        let message = format!("The definition has format version {version}, later than {FORMAT_VERSION}.");
        findings.error("/format_version", "UNSUPPORTED_VERSION", message, "Use a later version of pgmeta.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_schema_is_one() {
        assert!(VALIDATOR.is_some());
    }
}
