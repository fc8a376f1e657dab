//! The names of types as `format_type` prints them. Knows no model.

use super::Base;

/// A type's name in parts: `character varying`, `20`, brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Written {
    /// The name without modifier and brackets.
    pub base: String,
    /// What is in parentheses.
    pub modifier: Option<String>,
    /// Whether brackets follow.
    pub is_array: bool,
}

impl Written {
    /// Takes a name apart.
    pub fn parse(name: &str) -> Self {
        let bare = name.trim_end_matches("[]");
        let is_array = bare.len() < name.len();
        // A quoted name may have parentheses of its own; the modifier comes after it.
        let quoted = bare.rfind('"').map_or(0, |at| at + 1);
        let open = bare[quoted..].find('(').map(|at| at + quoted);
        let close = open.and_then(|open| Some(open + bare[open..].find(')')?));
        match open.zip(close) {
            // `time(3) without time zone` has it in the middle.
            Some((open, close)) => Self {
                base: format!("{}{}", &bare[..open], &bare[close + 1..]),
                modifier: Some(bare[open + 1..close].to_owned()),
                is_array,
            },
            None => Self { base: bare.to_owned(), modifier: None, is_array },
        }
    }
}

/// Returns a type of the system.
pub(super) fn base(name: &str, modifier: Option<&str>) -> Option<Base<'static>> {
    let number = || modifier.and_then(|text| text.trim().parse::<u32>().ok());
    if name.starts_with("interval") {
        return Some(Base::Interval);
    }
    Some(match name {
        "smallint" => Base::Smallint,
        "integer" => Base::Integer,
        "bigint" => Base::Bigint,
        "real" => Base::Real,
        "double precision" => Base::Double,
        "numeric" => Base::Numeric(modifier.and_then(precision_and_scale)),
        "money" => Base::Money,
        "boolean" => Base::Boolean,
        "character" => Base::Char(number().unwrap_or(1)),
        "character varying" => Base::Varchar(number()),
        "text" | "bpchar" => Base::Text,
        "name" => Base::Name,
        "\"char\"" => Base::Byte,
        "bytea" => Base::Bytea,
        "date" => Base::Date,
        "time without time zone" => Base::Time(number()),
        "time with time zone" => Base::TimeTz(number()),
        "timestamp without time zone" => Base::Timestamp(number()),
        "timestamp with time zone" => Base::TimestampTz(number()),
        "uuid" => Base::Uuid,
        "json" | "jsonb" => Base::Json,
        "xml" => Base::Xml,
        "inet" | "cidr" => Base::Network,
        "macaddr" => Base::Macaddr(17),
        "macaddr8" => Base::Macaddr(23),
        "bit" => Base::Bit(number().unwrap_or(1)),
        "bit varying" => Base::Varbit(number()),
        "tsvector" | "tsquery" => Base::TextSearch,
        "point" => Base::Point,
        "lseg" | "box" | "path" | "polygon" => Base::Shape,
        "line" | "circle" => Base::Geometric,
        "int4range" | "int8range" | "numrange" | "tsrange" | "tstzrange" | "daterange" => Base::Range,
        "int4multirange" | "int8multirange" | "nummultirange" | "tsmultirange" | "tstzmultirange"
        | "datemultirange" => Base::Multirange,
        "oid" | "xid" | "cid" => Base::Oid,
        "xid8" | "pg_lsn" | "tid" | "regclass" | "regproc" | "regprocedure" | "regoper" | "regoperator" | "regtype"
        | "regrole" | "regnamespace" | "regconfig" | "regdictionary" | "regcollation" => Base::ShortText,
        _ => return None,
    })
}

/// Returns a type of an extension by its name without schema.
pub(super) fn of_extension(name: &str) -> Option<Base<'static>> {
    Some(match name {
        "citext" => Base::Citext,
        "ltree" | "lquery" | "ltxtquery" | "isbn" | "isbn13" | "issn" | "issn13" | "ismn" | "ismn13" | "ean13"
        | "upc" | "semver" => Base::ShortText,
        "hstore" => Base::Hstore,
        "vector" | "halfvec" | "sparsevec" => Base::Vector,
        "geometry" | "geography" | "raster" => Base::Geometry,
        _ => return None,
    })
}

fn precision_and_scale(modifier: &str) -> Option<(u32, i32)> {
    let mut parts = modifier.split(',');
    let precision = parts.next()?.trim().parse().ok()?;
    Some((precision, parts.next().map_or(Some(0), |scale| scale.trim().parse().ok())?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for (name, base, modifier, is_array) in [
            ("integer", "integer", None, false),
            ("character varying(20)[]", "character varying", Some("20"), true),
            ("time(3) without time zone", "time without time zone", Some("3"), false),
            ("app.\"a(1)\"", "app.\"a(1)\"", None, false),
            ("app.\"a(1)\"(7)[]", "app.\"a(1)\"", Some("7"), true),
        ] {
            let parts = Written { base: base.into(), modifier: modifier.map(str::to_owned), is_array };
            assert_eq!(Written::parse(name), parts, "{name}");
        }
        assert_eq!(super::base("numeric", Some("10,-2")), Some(Base::Numeric(Some((10, -2)))));
        assert_eq!(super::base("interval second", Some("3")), Some(Base::Interval));
    }
}
