//! How much of a schema has comments. Judges nothing.

use std::collections::BTreeMap;

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Model, ModelIndex, ObjectKind, ObjectRef};
use rustc_hash::FxHashSet;
use serde::{Serialize, Serializer};

/// How many objects of a type have comments in a schema.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Coverage {
    /// The schema.
    pub schema: Name,
    /// The type of the objects, in the words of `pg_identify_object`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The number of objects.
    pub total: u64,
    /// The number of objects that have a comment.
    pub commented: u64,
    /// The share of these in percent, with one decimal.
    #[serde(serialize_with = "as_number")]
    pub percent: String,
}

fn as_number<S: Serializer>(percent: &str, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_f64(percent.parse().unwrap_or_default())
}

/// The objects of each schema and type: all, and those with a comment.
#[derive(Default)]
struct Counts(BTreeMap<(Name, String), (u64, u64)>);

impl Counts {
    fn add(&mut self, schema: &Name, kind: &str, comment: Option<&str>) {
        let (total, commented) = self.0.entry((schema.clone(), kind.to_owned())).or_default();
        *total += 1;
        *commented += u64::from(comment.is_some());
    }
}

/// Counts comments by schema and type. Partitions and what belongs to them do not count, because their parent's comments hold for them;
/// nor do sequences of identity columns.
pub fn coverage(model: &Model) -> Vec<Coverage> {
    let index = ModelIndex::of(model);
    let partitions = model.tables.iter().filter(|table| table.partition_of.is_some());
    let partitions: FxHashSet<(&Name, &Name)> = partitions.map(|table| (&table.schema, &table.name)).collect();
    let mut counts = Counts::default();
    for object in model.objects() {
        check();
        let key = object.object().key();
        let is_of_partition = |relation: Option<(&Name, &Name)>| relation.is_some_and(|own| partitions.contains(&own));
        let parent = index.parent_of(object).map(|parent| parent.object().key());
        if is_of_partition(key.relation()) || is_of_partition(parent.as_ref().and_then(|parent| parent.relation())) {
            continue;
        }
        if matches!(object, ObjectRef::Sequence(own) if own.identity) {
            continue;
        }
        let own_name = Name::from(key.name());
        let schema = if key.kind == ObjectKind::Schema { Some(&own_name) } else { key.schema() };
        let Some(schema) = schema else { continue };
        counts.add(schema, key.kind.word(), object.object().shared().comment);
        let of_columns = format!("{} column", key.kind.word());
        object.columns().iter().for_each(|column| counts.add(schema, &of_columns, column.comment.as_deref()));
        if let ObjectRef::Type(own) = object {
            let attributes = own.attributes.iter().flatten();
            attributes.for_each(|own| counts.add(schema, "composite type column", own.comment.as_deref()));
        }
        if let ObjectRef::Domain(own) = object {
            let word = ObjectKind::DomainConstraint.word();
            own.checks.iter().for_each(|check| counts.add(schema, word, check.comment.as_deref()));
        }
    }
    let row = |((schema, kind), (total, commented))| Coverage {
        schema,
        kind,
        total,
        commented,
        percent: percent(commented, total),
    };
    counts.0.into_iter().map(row).collect()
}

/// Returns a share in percent, rounded to one decimal.
fn percent(part: u64, total: u64) -> String {
    let tenths = if total == 0 { 0 } else { (2000 * part + total) / (2 * total) };
    format!("{}.{}", tenths / 10, tenths % 10)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use serde_json::json;

    use super::*;

    fn rows(document: serde_json::Value) -> Vec<(String, String, u64, u64, String)> {
        let model = Model::from_json(&document.to_string()).unwrap();
        let rows = coverage(&model).into_iter();
        rows.map(|row| (row.schema.to_string(), row.kind, row.total, row.commented, row.percent)).collect()
    }

    #[test]
    fn comments_are_counted_by_schema_and_type() {
        let column = |name: &str| json!({"name": name, "data_type": "integer"});
        let commented = json!({"name": "c", "data_type": "integer", "comment": "third"});
        let parent = json!({"schema": "s", "name": "parent", "columns": [column("a"), column("b"), commented], "partition_by": "LIST (a)"});
        let of = json!({"parent": {"schema": "s", "name": "parent"}, "bound": "DEFAULT"});
        let partition = json!({"schema": "s", "name": "part", "columns": [column("a")], "partition_of": of});
        let index = |table: &str, comment: Option<&str>| {
            let mut own = json!({"schema": "s", "table": table, "name": format!("{table}_i"), "method": "btree", "columns": [{"column": "a"}]});
            if let Some(comment) = comment {
                own["comment"] = json!(comment);
            }
            own
        };
        let identity = json!({"schema": "s", "name": "q", "data_type": "integer", "start": 1, "increment": 1, "min": 1, "max": 9,
            "cache": 1, "identity": true, "owned_by": {"schema": "s", "table": "parent", "column": "a"}});
        let schema = json!({"name": "s", "comment": "all of it"});
        let found = rows(
            json!({"format_version": 1, "server_version_num": 150_000, "schemas": [schema], "tables": [parent, partition],
            "indexes": [index("parent", Some("fast")), index("part", None)], "sequences": [identity]}),
        );
        let row = |kind: &str, total, commented, percent: &str| {
            ("s".to_owned(), kind.to_owned(), total, commented, percent.to_owned())
        };
        let expected = [
            row("index", 1, 1, "100.0"),
            row("schema", 1, 1, "100.0"),
            row("table", 1, 0, "0.0"),
            row("table column", 3, 1, "33.3"),
        ];
        assert_eq!(found, expected);
    }

    #[test]
    fn percents_are_rounded() {
        let cases = [(0, 0, "0.0"), (1, 3, "33.3"), (2, 3, "66.7"), (1, 8, "12.5"), (1, 1, "100.0"), (1, 2000, "0.1")];
        for (part, total, expected) in cases {
            assert_eq!(percent(part, total), expected, "{part} of {total}");
        }
    }
}
