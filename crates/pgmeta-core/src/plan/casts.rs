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

/// Returns whether every value of the old type is one of the new type as it is stored, so that no row is written anew.
pub fn keeps_values(old: &str, new: &str) -> bool {
    const VARCHAR: &str = "character varying";
    let length = |data_type: &str| -> Option<Option<u32>> {
        match data_type.strip_prefix(VARCHAR)? {
            "" => Some(None),
            limit => limit.strip_prefix('(')?.strip_suffix(')')?.parse().ok().map(Some),
        }
    };
    match (length(old), length(new)) {
        // Wider, or without a limit.
        (Some(_), Some(None)) => true,
        (Some(Some(was)), Some(Some(is))) => was <= is,
        (Some(_), None) => new == "text",
        (None, Some(None)) => old == "text",
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wider_varchar_keeps_its_values() {
        let varchar = |limit: &str| format!("character varying{limit}");
        assert!(keeps_values(&varchar("(10)"), &varchar("(20)")));
        assert!(keeps_values(&varchar("(10)"), "text"));
        assert!(keeps_values("text", &varchar("")));
        assert!(!keeps_values(&varchar("(10)"), &varchar("(5)")));
        assert!(!keeps_values("text", &varchar("(5)")));
        assert!(!keeps_values("integer", "bigint"));
    }

    #[test]
    fn where_there_is_no_cast_the_text_is_read() {
        assert_eq!(expression("c", "integer", "numeric(10,2)"), "c::numeric(10,2)");
        assert_eq!(expression("c", "text", "app.mood"), "c::app.mood");
        assert_eq!(expression("c", "bigint", "timestamp without time zone"), "c::text::timestamp without time zone");
        assert_eq!(expression("c", "app.old", "app.mood"), "c::text::app.mood");
    }
}
