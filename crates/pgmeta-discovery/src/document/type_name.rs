//! What the type of a column is, from its name as `format_type` prints it.

use pgmeta_core::ident::{Name, unquote};
use pgmeta_core::interrupt::check;
use pgmeta_core::lexer::skip;
use pgmeta_core::model::{Model, ModelIndex, ObjectKey, ObjectKind, ObjectRef, Type};
use schemars::JsonSchema;
use serde::Serialize;

/// The kind of a type.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum TypeKind {
    /// A base type, of PostgreSQL or of an extension.
    #[default]
    Base,
    /// A range type.
    Range,
    /// A multirange type.
    Multirange,
    /// A domain.
    Domain,
    /// A composite type, or the row type of a relation.
    Composite,
    /// An enum type.
    Enum,
    /// An array.
    Array,
}

/// The type of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ColumnType {
    /// The type, as `format_type` prints it.
    #[serde(rename = "type")]
    pub data_type: Name,
    /// The schema of the type; of an array, that of its elements.
    #[serde(rename = "type_schema")]
    pub schema: Name,
    /// The name of the type in the catalog; of an array, that of its elements.
    #[serde(rename = "type_name")]
    pub name: Name,
    /// The kind of the type.
    pub kind: TypeKind,
    /// The type that the domain is based on. Absent: it is not a domain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_type: Option<Name>,
    /// The labels of the enum type, also of one that is the type of a domain or of an array's elements.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enum_labels: Option<Vec<Name>>,
}

/// The SQL names of types that are called otherwise in the catalog.
const SQL_NAMES: &[(&str, &str)] = &[
    ("bigint", "int8"),
    ("bit varying", "varbit"),
    ("boolean", "bool"),
    ("character", "bpchar"),
    ("character varying", "varchar"),
    ("double precision", "float8"),
    ("integer", "int4"),
    ("real", "float4"),
    ("smallint", "int2"),
    ("time with time zone", "timetz"),
    ("time without time zone", "time"),
    ("timestamp with time zone", "timestamptz"),
    ("timestamp without time zone", "timestamp"),
];

const RANGES: [&str; 6] = ["int4range", "int8range", "numrange", "tsrange", "tstzrange", "daterange"];

/// How many domains over domains are followed: a snapshot may have one over itself.
const MOST_DOMAINS: usize = 32;

/// Returns the type of a name: from the model, or else from the name alone.
pub fn column_type(index: &ModelIndex<'_>, data_type: &str) -> ColumnType {
    let element = data_type.trim_end_matches("[]");
    let base = without_modifiers(element);
    let (schema, name) = split(&base);
    let mut facts = ColumnType { data_type: data_type.into(), schema, name, ..ColumnType::default() };
    match index.type_named(&base) {
        Some(ObjectRef::Domain(domain)) => {
            facts.kind = TypeKind::Domain;
            facts.base_type = Some(domain.base_type.clone());
            facts.enum_labels = enum_behind(index, &domain.base_type);
        }
        Some(ObjectRef::Type(own)) => {
            facts.kind = kind_of(own);
            facts.enum_labels.clone_from(&own.enum_labels);
        }
        _ => facts.kind = kind_by_name(index, &base, &facts),
    }
    if element != data_type {
        facts.kind = TypeKind::Array;
        facts.base_type = None;
    }
    facts
}

/// Returns the kind of a type that CREATE TYPE has made.
pub fn kind_of(own: &Type) -> TypeKind {
    if own.enum_labels.is_some() {
        TypeKind::Enum
    } else if own.attributes.is_some() {
        TypeKind::Composite
    } else if own.range.is_some() {
        TypeKind::Range
    } else {
        TypeKind::Base
    }
}

/// Returns whether values of a type are rows, of which each field can be null.
pub fn is_composite(index: &ModelIndex<'_>, data_type: &str) -> bool {
    let mut data_type = data_type.to_owned();
    for _ in 0..MOST_DOMAINS {
        let facts = column_type(index, &data_type);
        match facts.base_type {
            Some(base) => data_type = base.to_string(),
            None => return facts.kind == TypeKind::Composite,
        }
    }
    false
}

fn enum_behind(index: &ModelIndex<'_>, base_type: &str) -> Option<Vec<Name>> {
    let mut base = base_type.to_owned();
    for _ in 0..MOST_DOMAINS {
        match index.type_named(&without_modifiers(base.trim_end_matches("[]"))) {
            Some(ObjectRef::Domain(domain)) => base = domain.base_type.to_string(),
            Some(ObjectRef::Type(own)) => return own.enum_labels.clone(),
            _ => return None,
        }
    }
    None
}

/// Returns the kind of a type that is not an object of its own: PostgreSQL's, a row type, a multirange.
fn kind_by_name(index: &ModelIndex<'_>, base: &str, facts: &ColumnType) -> TypeKind {
    if &*facts.schema == "pg_catalog" {
        return match &*facts.name {
            name if RANGES.contains(&name) => TypeKind::Range,
            name if name.ends_with("multirange") => TypeKind::Multirange,
            _ => TypeKind::Base,
        };
    }
    let views = [ObjectKind::View, ObjectKind::MaterializedView];
    let is_view =
        || views.iter().any(|&kind| index.get(&ObjectKey::in_schema(kind, &facts.schema, &facts.name)).is_some());
    if index.is_row_type(base) || is_view() {
        return TypeKind::Composite;
    }
    if is_multirange(index.model(), facts) { TypeKind::Multirange } else { TypeKind::Base }
}

fn is_multirange(model: &Model, facts: &ColumnType) -> bool {
    let multiranges = model.types.iter().filter_map(|own| Some(&own.range.as_ref()?.multirange));
    multiranges.inspect(|_| check()).any(|own| own.schema == facts.schema && own.name == facts.name)
}

/// Returns the name without modifiers: `numeric(10,2)`, `timestamp(3) with time zone`, `interval day to second(3)`.
fn without_modifiers(data_type: &str) -> String {
    let mut at = 0;
    while at < data_type.len() {
        let end = skip(data_type, at);
        if end > at {
            at = end;
            continue;
        }
        if data_type.as_bytes()[at] == b'('
            && let Some(length) = data_type[at..].find(')')
        {
            let base = format!("{}{}", &data_type[..at], &data_type[at + length + 1..]);
            return without_fields(&base).to_owned();
        }
        at += 1;
    }
    without_fields(data_type).to_owned()
}

/// The fields of an interval are modifiers too.
fn without_fields(base: &str) -> &str {
    if base.starts_with("interval ") { "interval" } else { base }
}

/// Divides an SQL name into schema and name, as the catalog has them.
fn split(base: &str) -> (Name, Name) {
    let mut at = 0;
    while at < base.len() {
        let end = skip(base, at);
        if end == at && base.as_bytes()[at] == b'.' {
            return (unquote(&base[..at]).into(), unquote(&base[at + 1..]).into());
        }
        at = end.max(at + 1);
    }
    let own = SQL_NAMES.iter().find(|(sql, _)| *sql == base).map(|(_, own)| Name::from(*own));
    (Name::from("pg_catalog"), own.unwrap_or_else(|| unquote(base).into()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample::Sample;

    #[test]
    fn type_names_equal_those_of_the_catalog() {
        let model = Sample::new().model();
        let index = ModelIndex::of(&model);
        for (sql, schema, name) in [
            ("integer", "pg_catalog", "int4"),
            ("character varying(20)", "pg_catalog", "varchar"),
            ("timestamp(3) with time zone", "pg_catalog", "timestamptz"),
            ("interval day to second(3)", "pg_catalog", "interval"),
            ("numeric(10,2)[]", "pg_catalog", "numeric"),
            ("\"char\"", "pg_catalog", "char"),
            ("text[]", "pg_catalog", "text"),
            ("public.geometry(Point,4326)", "public", "geometry"),
            ("\"My.Schema\".\"a(b)\"\"c\"", "My.Schema", "a(b)\"c"),
        ] {
            let facts = column_type(&index, sql);
            assert_eq!((&*facts.schema, &*facts.name), (schema, name), "{sql}");
        }
    }

    #[test]
    fn type_kinds_equal_those_of_the_model() {
        let range = json!({"subtype": "integer", "multirange": {"schema": "s", "name": "spans"}});
        let model = Sample::new()
            .object("types", json!({"schema": "s", "name": "mood", "enum_labels": ["sad", "ok"]}))
            .object("types", json!({"schema": "s", "name": "pair", "attributes": []}))
            .object("types", json!({"schema": "s", "name": "span", "range": range}))
            .object("domains", json!({"schema": "s", "name": "feeling", "base_type": "s.mood"}))
            .object("domains", json!({"schema": "s", "name": "two", "base_type": "s.pair"}))
            .object("views", json!({"schema": "s", "name": "v", "definition": "SELECT 1"}))
            .table("t", &["a"])
            .model();
        let index = ModelIndex::of(&model);
        for (sql, kind) in [
            ("integer", TypeKind::Base),
            ("s.mood", TypeKind::Enum),
            ("s.mood[]", TypeKind::Array),
            ("s.pair", TypeKind::Composite),
            ("s.t", TypeKind::Composite),
            ("s.v", TypeKind::Composite),
            ("s.span", TypeKind::Range),
            ("s.spans", TypeKind::Multirange),
            ("s.feeling", TypeKind::Domain),
            ("int4range", TypeKind::Range),
            ("datemultirange", TypeKind::Multirange),
            ("public.citext", TypeKind::Base),
        ] {
            assert_eq!(column_type(&index, sql).kind, kind, "{sql}");
        }
        let labels = Some(vec![Name::from("sad"), Name::from("ok")]);
        for sql in ["s.mood", "s.mood[]", "s.feeling"] {
            assert_eq!(column_type(&index, sql).enum_labels, labels, "{sql}");
        }
        assert!(is_composite(&index, "s.pair") && is_composite(&index, "s.two") && !is_composite(&index, "s.pair[]"));
    }
}
