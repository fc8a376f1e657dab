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
/// `format_type` or a statement does, and neither is a domain. `is_stored_alike` compares types by their names without modifiers.
pub(crate) fn keeps_rows(old: &str, new: &str, is_stored_alike: impl Fn(&str, &str) -> bool) -> bool {
    let [old, new] = [old, new].map(spelled);
    if old == new {
        return true;
    }
    if old.is_array || new.is_array {
        return old.is_array && new.is_array && old.base == new.base && new.modifier.is_none();
    }
    match (&*old.base, &*new.base) {
        ("character varying", "character varying") | ("bit varying", "bit varying") => is_longer(&old, &new),
        ("timestamp without time zone", "timestamp without time zone")
        | ("timestamp with time zone", "timestamp with time zone")
        | ("time without time zone", "time without time zone")
        | ("time with time zone", "time with time zone") => is_most_precise(&new) || is_longer(&old, &new),
        (one, other) if is_interval(one) && is_interval(other) => keeps_intervals(&old, &new),
        ("numeric", "numeric") => is_wider(&old, &new),
        (old, base) => new.modifier.is_none() && is_stored_alike(old, base),
    }
}

/// Returns a type by the name that `format_type` gives it.
pub(super) fn spelled(name: &str) -> ColumnType {
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

/// Returns whether a time has the precision that the server stores.
fn is_most_precise(own: &ColumnType) -> bool {
    limits(own).first().is_some_and(|digits| *digits >= 6)
}

fn is_interval(base: &str) -> bool {
    base == "interval" || base.starts_with("interval ")
}

/// Returns whether the new fields are as small as the old ones, and the new precision is no less.
fn keeps_intervals(old: &ColumnType, new: &ColumnType) -> bool {
    const UNITS: [&str; 6] = ["second", "minute", "hour", "day", "month", "year"];
    // All fields end with the second.
    let smallest = |own: &ColumnType| UNITS.iter().position(|unit| own.base.ends_with(unit)).unwrap_or(0);
    let (old_smallest, new_smallest) = (smallest(old), smallest(new));
    let is_precise = limits(new).is_empty() || is_most_precise(new) || is_longer(old, new);
    new_smallest <= old_smallest && (old_smallest > 0 || is_precise)
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
        let casts = [
            ("character varying", "text"),
            ("text", "character varying"),
            ("text", "app.citext"),
            ("cidr", "inet"),
            ("integer", "oid"),
        ];
        let is_stored_alike = |old: &str, new: &str| old == new || casts.contains(&(old, new));
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
            ("timestamp without time zone", "timestamp(6)", true),
            ("timestamp without time zone", "timestamp(5)", false),
            ("interval", "interval(6)", true),
            ("interval", "interval(3)", false),
            ("interval(3)", "interval(6)", true),
            ("interval day to second(3)", "interval", true),
            ("interval", "interval day", false),
            ("interval year", "interval(3)", true),
            ("interval", "interval day to second", true),
            ("text", "app.citext", true),
            ("text", "app.citext(3)", false),
            ("app.point(3)", "app.point", true),
            ("bit varying(4)", "varbit(8)", true),
            ("integer[]", "int8[]", false),
            ("cidr", "inet", true),
            ("integer", "oid", true),
            ("app.state", "app.state", true),
        ] {
            assert_eq!(keeps_rows(old, new, is_stored_alike), expected, "{old} to {new}");
        }
    }
}
