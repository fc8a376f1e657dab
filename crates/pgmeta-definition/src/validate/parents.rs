//! Tables and their parents: parents that do not exist, circles of inheritance, and keys of partitioned tables without the partition key.

use pgmeta_core::components::cycles;
use pgmeta_core::ident::{Name, ident};
use rustc_hash::FxHashSet;

use crate::default_names::Label;
use crate::definition::Definition;
use crate::table::TableDefinition;
use crate::to_model::constraints::keys;
use crate::validate::places::Places;
use crate::validate::{Findings, schema_of};

pub(super) fn check(definition: &Definition, places: &Places, findings: &mut Findings) {
    let mut parents: Vec<Vec<usize>> = Vec::with_capacity(definition.tables.len());
    for (at, own) in definition.tables.iter().enumerate() {
        let mut found = Vec::new();
        for (path, schema, name) in named(own, at) {
            let schema = schema.unwrap_or_else(|| schema_of(own.schema.as_ref(), definition));
            match places.table(&schema, &name) {
                Some(parent) => found.push(parent),
                None if places.has_tables_in(&schema) => {
                    let message = format!("Table {} does not exist.", ident(&name));
                    findings.error(path, "UNKNOWN_TABLE", message, "Define the table, or correct its name.");
                }
                // It may exist where the definition is deployed.
                None => {}
            }
        }
        parents.push(found);
        check_partition_key(own, at, findings);
    }
    check_circles(definition, &parents, findings);
}

/// Returns the parents of a table: path, schema if it is given, and name.
fn named(own: &TableDefinition, at: usize) -> Vec<(String, Option<Name>, Name)> {
    let partitioned =
        own.partition_of.iter().map(|it| (format!("/tables/{at}/partition_of"), it.schema.clone(), it.table.clone()));
    let inherited = own
        .inherits
        .iter()
        .enumerate()
        .map(|(nth, it)| (format!("/tables/{at}/inherits/{nth}"), it.schema.clone(), it.table.clone()));
    partitioned.chain(inherited).collect()
}

fn check_circles(definition: &Definition, parents: &[Vec<usize>], findings: &mut Findings) {
    let of_itself = (0..parents.len()).filter(|at| parents[*at].contains(at)).map(|at| vec![at]);
    for members in of_itself.chain(cycles(parents.len(), |node, at| parents[node].get(at).copied())) {
        let names: Vec<String> = members.iter().take(10).map(|at| ident(&definition.tables[*at].name)).collect();
        let message = format!("Tables are their own ancestors: {}.", names.join(", "));
        findings.error(
            format!("/tables/{}", members[0]),
            "CIRCULAR_INHERITANCE",
            message,
            "Remove one of the parents.",
        );
    }
}

/// Reports keys of a partitioned table that lack a column of the partition key, if that names columns only.
fn check_partition_key(own: &TableDefinition, at: usize, findings: &mut Findings) {
    let Some(written) = &own.partition_by else { return };
    let Some(inner) = written.split_once('(').and_then(|(_, rest)| rest.trim_end().strip_suffix(')')) else { return };
    let of_table: FxHashSet<&str> = own.columns.iter().map(|column| &*column.name).collect();
    let needed: Option<Vec<&str>> = inner
        .split(',')
        .map(|part| {
            let word = part.split_whitespace().next()?;
            let name = word.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(word);
            of_table.contains(name).then_some(name)
        })
        .collect();
    let Some(needed) = needed else { return };
    for (label, key) in keys(own) {
        if let Some(missing) = needed.iter().find(|name| !key.columns.iter().any(|own| **own == ***name)) {
            let what = if label == Label::PrimaryKey { "Primary key" } else { "Unique constraint" };
            let message = format!(
                "{what} of partitioned table {} lacks column {missing} of the partition key.",
                ident(&own.name)
            );
            let hint = "Add the column to the key: the server checks a key in each partition by itself.";
            findings.error(format!("/tables/{at}"), "PARTITION_KEY_NOT_IN_KEY", message, hint);
        }
    }
}
