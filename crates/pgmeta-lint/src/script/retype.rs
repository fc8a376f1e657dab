//! Which type changes leave all rows as they are. The server's rules, for types as a statement writes them.

use crate::analysis::ColumnType;

/// The names of types that a statement may write in another way than `format_type` does.
const SPELLINGS: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("bool", "boolean"),
    ("varchar", "character varying"),
    ("bpchar", "character"),
    ("char", "character"),
    ("decimal", "numeric"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
];

/// Returns whether the server changes a column from one type to another without touching its rows. Both are spelled as
/// `format_type` or a statement does.
pub(crate) fn keeps_rows(old: &str, new: &str) -> bool {
    let [old, new] = [old, new].map(spelled);
    if old == new {
        return true;
    }
    if old.is_array || new.is_array {
        return false;
    }
    match (&*old.base, &*new.base) {
        ("character varying", "text") | ("text", "character varying") => new.modifier.is_none(),
        ("cidr", "inet") | ("integer", "oid") | ("oid", "integer") => true,
        ("character varying", "character varying") | ("bit varying", "bit varying") => is_longer(&old, &new),
        ("timestamp without time zone", "timestamp without time zone")
        | ("timestamp with time zone", "timestamp with time zone")
        | ("time without time zone", "time without time zone")
        | ("time with time zone", "time with time zone")
        | ("interval", "interval") => is_longer(&old, &new),
        ("numeric", "numeric") => is_wider(&old, &new),
        _ => false,
    }
}

/// Returns a type by the name that `format_type` gives it.
fn spelled(name: &str) -> ColumnType {
    let mut own = ColumnType::parse(name);
    if let Some((_, long)) = SPELLINGS.iter().find(|(short, _)| *short == own.base) {
        own.base = (*long).to_owned();
    }
    own
}

/// Returns whether the new limit is none, or no less than the old one.
fn is_longer(old: &ColumnType, new: &ColumnType) -> bool {
    match (limits(old).first(), limits(new).first()) {
        (_, None) => true,
        (Some(old), Some(new)) => new >= old,
        (None, Some(_)) => false,
    }
}

/// Returns whether numbers with the old precision have the same scale and fit.
fn is_wider(old: &ColumnType, new: &ColumnType) -> bool {
    let scale = |limits: &[i32]| limits.get(1).copied().unwrap_or(0);
    match (&*limits(old), &*limits(new)) {
        (_, []) => true,
        ([], _) => false,
        (old, new) => new[0] >= old[0] && scale(old) == scale(new),
    }
}

fn limits(own: &ColumnType) -> Vec<i32> {
    let numbers = own.modifier.iter().flat_map(|modifier| modifier.split(','));
    numbers.filter_map(|number| number.trim().parse().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_that_touch_no_row() {
        for (old, new, expected) in [
            ("integer", "int4", true),
            ("integer", "int8", false),
            ("character varying(20)", "varchar(30)", true),
            ("character varying(20)", "varchar(10)", false),
            ("character varying(20)", "varchar", true),
            ("character varying", "varchar(20)", false),
            ("character varying(20)", "text", true),
            ("text", "varchar", true),
            ("text", "varchar(20)", false),
            ("character(3)", "bpchar(4)", false),
            ("numeric(10,2)", "numeric(12,2)", true),
            ("numeric(10,2)", "numeric(12,3)", false),
            ("numeric(10,2)", "numeric", true),
            ("numeric", "numeric(10,2)", false),
            ("timestamp(3) without time zone", "timestamp", true),
            ("timestamp without time zone", "timestamptz", false),
            ("bit varying(4)", "varbit(8)", true),
            ("integer[]", "int8[]", false),
            ("cidr", "inet", true),
            ("integer", "oid", true),
            ("app.state", "app.state", true),
        ] {
            assert_eq!(keeps_rows(old, new), expected, "{old} to {new}");
        }
    }
}
