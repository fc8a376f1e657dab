//! The names that a definition gives to types and relations, for names in it that have no schema. Makes no objects.

use pgmeta_core::ident::{Name, ident, qualified, unquote};
use pgmeta_core::lexer;
use rustc_hash::FxHashSet;

use crate::definition::Definition;

/// The names in the definition's own schema.
pub(crate) struct Names<'d> {
    schema: Name,
    types: FxHashSet<&'d str>,
}

impl<'d> Names<'d> {
    pub fn of(definition: &'d Definition) -> Self {
        let schema = definition.own_schema();
        let is_own = |given: &Option<Name>| given.as_ref().is_none_or(|name| *name == schema);
        let mut types: FxHashSet<&str> = FxHashSet::default();
        types.extend(definition.enums.iter().filter(|own| is_own(&own.schema)).map(|own| &*own.name));
        types.extend(definition.domains.iter().filter(|own| is_own(&own.schema)).map(|own| &*own.name));
        types.extend(definition.composites.iter().filter(|own| is_own(&own.schema)).map(|own| &*own.name));
        types.extend(definition.tables.iter().filter(|own| is_own(&own.schema)).map(|own| &*own.name));
        types.extend(definition.views.iter().filter(|own| is_own(&own.schema)).map(|own| &*own.name));
        types.extend(definition.materialized_views.iter().filter(|own| is_own(&own.schema)).map(|own| &*own.name));
        // PostgreSQL finds its own types first.
        types.retain(|name| !SERVER_TYPES.contains(name));
        Self { schema, types }
    }

    /// Returns a type with the schema, if it is one of the definition's own, and as `format_type` spells it otherwise.
    pub fn data_type(&self, written: &str) -> Name {
        let written = written.trim();
        let (base, rest) = split_type(written);
        let name = unquote(base);
        let has_schema = rest.trim_start().starts_with('.');
        if !has_schema && self.types.contains(&*name) && (base.starts_with('"') || base == base.to_lowercase()) {
            return Name::from(format!("{}{rest}", qualified(&self.schema, &name)));
        }
        Name::from(spelled(written))
    }

    /// Returns whether a type is one of the definition's own. One with a schema may be of another schema of it.
    pub fn has_type(&self, written: &str) -> bool {
        let (base, rest) = split_type(written.trim());
        rest.starts_with('.') || self.types.contains(&*unquote(base))
    }

    /// Returns the schema and name of a function or a table that is written as SQL.
    pub fn place(&self, written: &str) -> (Name, Name) {
        place(written, &self.schema)
    }
}

/// Splits a type into its name and what follows it: modifiers and brackets.
fn split_type(written: &str) -> (&str, &str) {
    let end = match written.starts_with('"') {
        true => lexer::quoted_length(written, false),
        false => written.find(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '$'))).unwrap_or(written.len()),
    };
    written.split_at(end)
}

/// The types of PostgreSQL, by which a type of the definition cannot be named without its schema.
const SERVER_TYPES: &[&str] = &[
    "bit",
    "bool",
    "box",
    "bpchar",
    "bytea",
    "char",
    "cidr",
    "circle",
    "date",
    "datemultirange",
    "daterange",
    "float4",
    "float8",
    "inet",
    "int2",
    "int2vector",
    "int4",
    "int4multirange",
    "int4range",
    "int8",
    "int8multirange",
    "int8range",
    "interval",
    "json",
    "jsonb",
    "jsonpath",
    "line",
    "lseg",
    "macaddr",
    "macaddr8",
    "money",
    "name",
    "numeric",
    "nummultirange",
    "numrange",
    "oid",
    "oidvector",
    "path",
    "pg_lsn",
    "pg_snapshot",
    "point",
    "polygon",
    "record",
    "refcursor",
    "regclass",
    "regcollation",
    "regconfig",
    "regdictionary",
    "regnamespace",
    "regoper",
    "regoperator",
    "regproc",
    "regprocedure",
    "regrole",
    "regtype",
    "text",
    "tid",
    "time",
    "timestamp",
    "timestamptz",
    "timetz",
    "trigger",
    "tsmultirange",
    "tsquery",
    "tsrange",
    "tstzmultirange",
    "tstzrange",
    "tsvector",
    "txid_snapshot",
    "unknown",
    "uuid",
    "varbit",
    "varchar",
    "void",
    "xid",
    "xid8",
    "xml",
];

/// The names of types that people write in another way than `format_type` does.
const SPELLINGS: &[(&str, &str)] = &[
    ("int", "integer"),
    ("int2", "smallint"),
    ("int4", "integer"),
    ("int8", "bigint"),
    ("float", "double precision"),
    ("float4", "real"),
    ("float8", "double precision"),
    ("bool", "boolean"),
    ("varchar", "character varying"),
    ("char", "character"),
    ("decimal", "numeric"),
    ("varbit", "bit varying"),
    ("timestamp", "timestamp without time zone"),
    ("timestamptz", "timestamp with time zone"),
    ("time", "time without time zone"),
    ("timetz", "time with time zone"),
];

/// Returns a type as `format_type` spells it, if it is a plain type of the server.
fn spelled(written: &str) -> String {
    let lower = written.to_ascii_lowercase();
    let (base, rest) = split_type(&lower);
    let Some((_, long)) = SPELLINGS.iter().find(|(short, _)| *short == base) else {
        let is_plain =
            lower.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '(' | ')' | ',' | '[' | ']'));
        return if is_plain { without_blanks(&lower) } else { written.to_owned() };
    };
    // What follows may say `with time zone` already.
    if rest.contains("zone") || rest.contains("varying") || rest.contains("precision") {
        return lower.clone();
    }
    let (modifier, brackets) = match rest.trim_start().strip_prefix('(').and_then(|inside| inside.split_once(')')) {
        Some((inside, brackets)) => (format!("({})", inside.replace(' ', "")), brackets.trim()),
        None => (String::new(), rest.trim()),
    };
    let (first, last) = match long.split_once(' ') {
        // `timestamp(3) without time zone` has the modifier in the middle.
        Some((first, last)) if last.ends_with("zone") => (first, format!(" {last}")),
        _ => (*long, String::new()),
    };
    let modifier = if *long == "character" && modifier.is_empty() { "(1)".to_owned() } else { modifier };
    format!("{first}{modifier}{last}{brackets}")
}

/// Returns a type without blanks in its modifiers: `numeric(10,2)`.
fn without_blanks(written: &str) -> String {
    match written.split_once('(') {
        Some((base, rest)) => format!("{}({}", base.trim_end(), rest.replace(", ", ",").replace("( ", "(")),
        None => written.to_owned(),
    }
}

/// Returns a collation as SQL. A plain name is one of the server's.
pub(crate) fn collation_sql(written: &str) -> String {
    let (schema, name) = collation_place(written);
    qualified(&schema, &name)
}

/// Returns the schema and name of a collation.
pub(crate) fn collation_place(written: &str) -> (Name, Name) {
    place(written, "pg_catalog")
}

/// Returns the schema and name of an object that is written as SQL; `schema` is that of a name without one.
pub(crate) fn place(written: &str, schema: &str) -> (Name, Name) {
    match lexer::code(written).filter(|(_, byte)| *byte == b'.').last() {
        Some((at, _)) => (unquote(written[..at].trim()).into(), unquote(written[at + 1..].trim()).into()),
        None => (schema.into(), unquote(written.trim()).into()),
    }
}

/// Returns a collation as people write it.
pub(crate) fn short_collation(schema: &str, name: &str) -> String {
    let is_plain = schema == "pg_catalog" && !name.contains(['.', '"']);
    if is_plain { name.to_owned() } else { format!("{}.{}", ident(schema), ident(name)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::EnumDefinition;

    #[test]
    fn types_are_spelled_as_the_server_does() {
        let mood = EnumDefinition { name: "mood".into(), ..EnumDefinition::default() };
        let date = EnumDefinition { name: "date".into(), ..EnumDefinition::default() };
        let definition = Definition { schema: Some("app".into()), enums: vec![mood, date], ..Definition::default() };
        let names = Names::of(&definition);
        for (written, expected) in [
            ("int", "integer"),
            ("INT", "integer"),
            ("varchar(20)", "character varying(20)"),
            ("numeric(10, 2)", "numeric(10,2)"),
            ("decimal(10,2)[]", "numeric(10,2)[]"),
            ("timestamptz", "timestamp with time zone"),
            ("timestamptz(3)", "timestamp(3) with time zone"),
            ("timestamp with time zone", "timestamp with time zone"),
            ("time", "time without time zone"),
            ("double precision", "double precision"),
            ("char", "character(1)"),
            ("text[]", "text[]"),
            ("mood", "app.mood"),
            ("mood[]", "app.mood[]"),
            ("\"mood\"", "app.mood"),
            ("other.mood", "other.mood"),
            ("jsonb", "jsonb"),
            ("date", "date"),
            ("app.date", "app.date"),
            ("mood.x", "mood.x"),
        ] {
            assert_eq!(&*names.data_type(written), expected, "{written}");
        }
    }
}
