//! SQLite's types in PostgreSQL. Without STRICT, a type is a word to which no value is held.

/// A type of PostgreSQL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataType {
    pub name: String,
    pub fit: Fit,
}

/// How well a type stands for SQLite's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It takes all values that SQLite keeps without conversion in such a column.
    Exact,
    /// It is what the word says, which SQLite does not enforce.
    Word,
    /// The word says nothing that PostgreSQL has.
    Unknown,
}

/// Returns the type of a column of a table, which may be STRICT.
pub fn data_type(word: &str, is_strict: bool) -> DataType {
    let upper = word.trim().to_ascii_uppercase();
    let (name, arguments) = match upper.split_once('(') {
        Some((name, rest)) => (name.trim(), rest.trim_end_matches(')').replace(' ', "")),
        None => (&*upper, String::new()),
    };
    let exact = |name: &str| DataType { name: name.to_owned(), fit: Fit::Exact };
    let by_word = |name: String| DataType { name, fit: Fit::Word };
    let with = |base: &str| if is_numbers(&arguments) { format!("{base}({arguments})") } else { base.to_owned() };
    match name {
        "INT" | "INTEGER" => exact("bigint"),
        "TEXT" => exact("text"),
        "BLOB" => exact("bytea"),
        "REAL" => exact("double precision"),
        // Only STRICT tables know it.
        "ANY" if is_strict => DataType { name: "text".to_owned(), fit: Fit::Unknown },
        "BIGINT" | "INT8" | "UNSIGNED BIG INT" => by_word("bigint".to_owned()),
        "TINYINT" | "SMALLINT" | "INT2" => by_word("smallint".to_owned()),
        "MEDIUMINT" | "INT4" => by_word("integer".to_owned()),
        "DOUBLE" | "DOUBLE PRECISION" | "FLOAT" => by_word("double precision".to_owned()),
        "NUMERIC" | "DECIMAL" => by_word(with("numeric")),
        "BOOL" | "BOOLEAN" => by_word("boolean".to_owned()),
        "VARCHAR" | "VARYING CHARACTER" | "CHARACTER VARYING" | "NVARCHAR" => by_word(with("character varying")),
        "CHAR" | "CHARACTER" | "NCHAR" | "NATIVE CHARACTER" => by_word(with("character")),
        "CLOB" | "STRING" => by_word("text".to_owned()),
        "DATE" => by_word("date".to_owned()),
        "TIME" => by_word("time without time zone".to_owned()),
        "DATETIME" | "TIMESTAMP" => by_word("timestamp without time zone".to_owned()),
        "UUID" => by_word("uuid".to_owned()),
        "JSON" | "JSONB" => by_word("jsonb".to_owned()),
        _ => DataType { name: affinity(&upper).to_owned(), fit: Fit::Unknown },
    }
}

/// Returns whether arguments of a type are one or two numbers.
fn is_numbers(arguments: &str) -> bool {
    let parts: Vec<&str> = arguments.split(',').collect();
    parts.len() <= 2 && parts.iter().all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
}

/// Returns the type of an unknown word: by the rules of SQLite's affinity, in their order. What has none may be anything: text.
fn affinity(word: &str) -> &'static str {
    let has = |part: &str| word.contains(part);
    match () {
        () if has("INT") => "bigint",
        () if has("CHAR") || has("CLOB") || has("TEXT") => "text",
        () if has("BLOB") => "bytea",
        () if has("REAL") || has("FLOA") || has("DOUB") => "double precision",
        () if word.is_empty() => "text",
        () => "numeric",
    }
}

/// Returns whether SQLite and PostgreSQL compute alike with values of a type.
pub fn is_alike(data_type: &str) -> bool {
    let base = data_type.split('(').next().unwrap_or_default();
    matches!(base, "bigint" | "integer" | "smallint" | "double precision" | "numeric" | "text" | "character varying")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_types() {
        let name = |word: &str| data_type(word, false).name;
        let found = [
            "Integer",
            "varchar( 20 )",
            "DECIMAL(10,2)",
            "VARCHAR(MAX)",
            "",
            "POINT",
            "BIGINT UNSIGNED",
            "longtext",
            "datetime",
        ]
        .map(name);
        let expected = [
            "bigint",
            "character varying(20)",
            "numeric(10,2)",
            "character varying",
            "text",
            "bigint",
            "bigint",
            "text",
            "timestamp without time zone",
        ];
        assert_eq!(found, expected);
        assert_eq!(data_type("ANY", true).fit, Fit::Unknown);
    }
}
