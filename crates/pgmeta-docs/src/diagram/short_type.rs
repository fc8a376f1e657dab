//! Names of types without blanks. Knows no format.

/// Returns the alias of a type whose name in standard SQL has blanks: `varchar(20)` of `character varying(20)`.
pub fn short_type(data_type: &str) -> String {
    const ALIASES: [(&str, &str, &str); 8] = [
        ("timestamp", " without time zone", "timestamp"),
        ("timestamp", " with time zone", "timestamptz"),
        ("time", " without time zone", "time"),
        ("time", " with time zone", "timetz"),
        ("character varying", "", "varchar"),
        ("character", "", "char"),
        ("bit varying", "", "varbit"),
        ("double precision", "", "float8"),
    ];
    let (element, dimensions) = data_type.find("[]").map_or((data_type, ""), |at| data_type.split_at(at));
    let argument = |own: &(&str, &str, &'static str)| {
        let middle = element.strip_prefix(own.0)?.strip_suffix(own.1)?;
        (middle.is_empty() || (middle.starts_with('(') && middle.ends_with(')'))).then(|| (own.2, middle.to_owned()))
    };
    match ALIASES.iter().find_map(argument) {
        Some((alias, argument)) => format!("{alias}{argument}{dimensions}"),
        None => data_type.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::short_type;

    #[test]
    fn types_have_the_names_without_blanks() {
        for (long, short) in [
            ("character varying(20)[]", "varchar(20)[]"),
            ("timestamp(3) with time zone", "timestamptz(3)"),
            ("timestamp without time zone", "timestamp"),
            ("time with time zone[]", "timetz[]"),
            ("double precision", "float8"),
            ("character(1)", "char(1)"),
            ("numeric(12,2)", "numeric(12,2)"),
            ("interval day to second(3)", "interval day to second(3)"),
        ] {
            assert_eq!(short_type(long), short);
        }
    }
}
