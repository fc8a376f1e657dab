//! How values of one type become values of another: by a cast where PostgreSQL has one, by their text otherwise.

/// Types of one family can be cast to each other.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Family {
    Number,
    Text,
    Time,
    Json,
    Boolean,
    Other,
}

fn family(data_type: &str) -> Family {
    // Modifiers follow in parentheses.
    let base = data_type.split('(').next().unwrap_or(data_type).trim_end();
    if data_type.ends_with("[]") {
        return Family::Other;
    }
    match base {
        "smallint" | "integer" | "bigint" | "numeric" | "real" | "double precision" => Family::Number,
        "text" | "character varying" | "character" | "name" => Family::Text,
        "date" | "timestamp" | "timestamp without time zone" | "timestamp with time zone" => Family::Time,
        "json" | "jsonb" => Family::Json,
        "boolean" => Family::Boolean,
        _ => Family::Other,
    }
}

/// Returns the expression that turns a column's values into those of its new type.
pub fn expression(column: &str, old: &str, new: &str) -> String {
    use Family::*;
    let base = |data_type: &str| data_type.split('(').next().unwrap_or(data_type).to_owned();
    let direct = match (family(old), family(new)) {
        _ if base(old) == base(new) => true,
        (Text, _) | (_, Text) => true,
        (Number, Number) | (Time, Time) | (Json, Json) => true,
        (Json, Number | Boolean) => old == "jsonb",
        (Number, Boolean) => old == "integer",
        (Boolean, Number) => new == "integer",
        _ => false,
    };
    if direct { format!("{column}::{new}") } else { format!("{column}::text::{new}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_there_is_no_cast_the_text_is_read() {
        assert_eq!(expression("c", "integer", "numeric(10,2)"), "c::numeric(10,2)");
        assert_eq!(expression("c", "text", "app.mood"), "c::app.mood");
        assert_eq!(expression("c", "bigint", "timestamp without time zone"), "c::text::timestamp without time zone");
        assert_eq!(expression("c", "app.old", "app.mood"), "c::text::app.mood");
    }
}
