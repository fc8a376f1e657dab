//! The kinds of a model's text attributes, by name, for code that compares, renames or checks texts. A test compares the list with the
//! JSON Schema.

/// The kind of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// SQL over the columns of its relation, as the server prints it.
    Expression,
    /// Other SQL, as the server prints it: queries, bodies, types, bounds.
    Sql,
    /// The name of a function without arguments, as SQL.
    Function,
    /// The name of a column.
    Column,
    /// The name of a schema.
    Schema,
    /// Another name, or a keyword of PostgreSQL.
    Name,
    /// Text of the user.
    Text,
    /// Derived from other attributes, or a size.
    Derived,
}

/// Returns the kind of a text attribute or a list of texts, or `None` for an unknown attribute.
pub fn text_kind(attribute: &str) -> Option<TextKind> {
    Some(match attribute {
        "condition" | "default" | "expression" | "expressions" | "partition_by" | "predicate" | "row_filter"
        | "using" | "with_check" => TextKind::Expression,

        "args" | "base_type" | "bound" | "collation" | "data_type" | "definition" | "element" | "left" | "of_type"
        | "operator" | "operator_class" | "returns" | "right" | "source" | "sql_body" | "state_type" | "storage"
        | "subtype" | "target_type" | "transforms" => TextKind::Sql,

        "analyze"
        | "canonical"
        | "combine_function"
        | "deserialization_function"
        | "end"
        | "final_function"
        | "from_sql"
        | "function"
        | "get_token"
        | "handler"
        | "headline"
        | "init"
        | "inline"
        | "input"
        | "inverse_function"
        | "join"
        | "lex_types"
        | "lexize"
        | "output"
        | "receive"
        | "restrict"
        | "send"
        | "serialization_function"
        | "start"
        | "subscript"
        | "subtype_diff"
        | "support"
        | "to_sql"
        | "transition_function"
        | "typmod_in"
        | "typmod_out"
        | "validator" => TextKind::Function,

        "column" | "columns" | "include" | "on_delete_columns" | "update_of" => TextKind::Column,

        "schema" | "schemas" => TextKind::Schema,

        "access_method"
        | "category"
        | "delimiter"
        | "depends_on_extensions"
        | "destination"
        | "encoding"
        | "event"
        | "extension"
        | "foreign_data_wrapper"
        | "grantee"
        | "grantor"
        | "initial_owner"
        | "language"
        | "lc_collate"
        | "lc_ctype"
        | "locale"
        | "member"
        | "method"
        | "name"
        | "names"
        | "new_table"
        | "object_owner"
        | "old_table"
        | "on_member_of"
        | "origin"
        | "owner"
        | "provider"
        | "publications"
        | "publish"
        | "role"
        | "roles"
        | "server"
        | "slot_name"
        | "synchronous_commit"
        | "table"
        | "tablespace"
        | "tags"
        | "token"
        | "user"
        | "version" => TextKind::Name,

        "arguments" | "comment" | "connection" | "enum_labels" | "icu_rules" | "initial_condition" | "label"
        | "location" | "object_file" | "options" | "password" | "rules" | "type" | "valid_until" | "value" => {
            TextKind::Text
        }

        "bytes" | "default_depends_on" | "depends_on" | "invalid_indexes" | "not_relocatable" | "populated"
        | "rows_estimate" => TextKind::Derived,

        _ => return None,
    })
}

/// Returns whether the attribute is SQL, including a function's name.
pub fn is_sql(attribute: &str) -> bool {
    matches!(text_kind(attribute), Some(TextKind::Expression | TextKind::Sql | TextKind::Function))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::Value;

    use super::*;
    use crate::model::Model;

    /// Returns whether a schema allows any text, not only the words of an enumeration.
    fn allows_text(schema: &Value, all: &Value) -> bool {
        if let Some(path) = schema.get("$ref").and_then(Value::as_str) {
            return allows_text(&all["$defs"][path.rsplit('/').next().unwrap()], all);
        }
        if schema.get("enum").is_some() || schema.get("const").is_some() {
            return false;
        }
        let of_type = |word: &str| match &schema["type"] {
            Value::String(own) => own == word,
            Value::Array(own) => own.iter().any(|own| own == word),
            _ => false,
        };
        let any = ["anyOf", "oneOf"].into_iter().filter_map(|word| schema.get(word)?.as_array()).flatten();
        of_type("string")
            || (of_type("array") && allows_text(&schema["items"], all))
            || any.into_iter().any(|schema| allows_text(schema, all))
    }

    #[test]
    fn every_text_has_a_kind() {
        let schema = Model::json_schema();
        let mut seen = 0;
        for (kind, definition) in schema["$defs"].as_object().unwrap() {
            for (name, property) in definition["properties"].as_object().into_iter().flatten() {
                if allows_text(property, &schema) {
                    assert!(text_kind(name).is_some(), "{kind}.{name} has no kind");
                    seen += 1;
                }
            }
        }
        assert!(seen > 300, "{seen}");
    }
}
