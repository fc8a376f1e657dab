//! The page of a table.

use std::collections::BTreeSet;

use pgmeta_core::ident::{ident, ident_list, qualified};
use pgmeta_core::model::{ConstraintKind, ForeignKeyAction, ForeignKeyMatch, ObjectKind, ReplicaIdentity};
use pgmeta_discovery::{ColumnEntry, ConstraintEntry, PolicyEntry, Relationship, TableEntry, TableKind, TriggerEntry};

use super::{add_indexes, add_sizes, finish, names};
use crate::diagram::Key;
use crate::document::page::{Cell, Link, Page};
use crate::document::privileges;
use crate::document::site::Site;
use crate::document::words::{joined, of_table};

/// Returns the page of a table.
pub fn page<'a>(site: &Site<'a>, path: &str, table: &'a TableEntry) -> Page {
    let key: Key<'a> = (&table.schema, &table.name);
    let mut page = Page {
        path: path.to_owned(),
        title: qualified(&table.schema, &table.name),
        kind: of_table(table).to_owned(),
        comment: table.comment.clone(),
        ..Page::default()
    };
    add_facts(site, table, &mut page);
    let (references, referenced) = (site.relationships_of(key), site.relationships_to(key));
    let headers = ["Column", "Type", "Null", "Default", "Keys", "Refers to", "Check", "Comment"];
    page.grid("Columns", &headers, table.columns.iter().map(|own| column(site, own, references)));
    let graph = site.chart.graph(&site.chart.around(BTreeSet::from([key]), 1), None);
    page.diagram("Diagram", graph, false);
    let headers = ["Name", "Kind", "Columns", "Definition", "Properties", "Comment"];
    page.grid("Keys and constraints", &headers, table.constraints.iter().map(|own| constraint(site, own)));
    add_indexes(&mut page, &table.indexes, site.options.sizes);
    page.grid("Refers to", &RELATED, references.iter().map(|own| relationship(site, own, true)));
    page.grid("Referred to by", &RELATED, referenced.iter().map(|own| relationship(site, own, false)));
    page.grid(
        "Policies",
        &["Name", "Kind", "Command", "Roles", "Using", "With check"],
        table.policies.iter().map(policy),
    );
    let headers = ["Name", "When", "For each", "Condition", "Function", "State", "Comment"];
    page.grid("Triggers", &headers, table.triggers.iter().map(|own| trigger(site, own)));
    let partitions = site.partitions_of(table).iter().map(|own| {
        let link = site.places.relation(&own.schema, &own.name);
        vec![Cell::Links(vec![link]), Cell::code(own.partition_bound.as_deref()), Cell::maybe(own.comment.as_deref())]
    });
    page.grid("Partitions", &["Name", "Bound", "Comment"], partitions);
    let kind = if table.kind == TableKind::Foreign { ObjectKind::ForeignTable } else { ObjectKind::Table };
    if let Some(object) = site.object(kind, key.0, key.1) {
        let rows = privileges::rows(object, site.document.server_version_num);
        page.grid("Privileges", &privileges::HEADERS, rows.into_iter());
    }
    finish(site, &mut page);
    page
}

fn add_facts(site: &Site<'_>, table: &TableEntry, page: &mut Page) {
    page.fact("Owner", Cell::text(table.owner.as_deref().map(ident).unwrap_or_default()));
    let parent = table.partition_of.iter().map(|parent| site.places.relation_named(parent.clone())).collect();
    page.fact("Partition of", Cell::Links(parent));
    page.fact("Bound", Cell::code(table.partition_bound.as_deref()));
    page.fact("Partitioned by", Cell::code(table.partition_by.as_deref()));
    let parents = table.inherits.iter().map(|parent| site.places.relation_named(parent.clone())).collect();
    page.fact("Inherits from", Cell::Links(parents));
    page.fact(
        "Row-level security",
        Cell::text(match (table.row_security, table.force_row_security) {
            (true, true) => "enabled, for the owner too",
            (true, false) => "enabled",
            (false, _) => "",
        }),
    );
    if table.replica_identity != ReplicaIdentity::Default {
        page.fact("Replica identity", Cell::text(table.replica_identity.word()));
    }
    page.fact("Invalid indexes", names(&table.invalid_indexes));
    // A partitioned table has no rows of its own.
    let is_stored = table.kind == TableKind::Table;
    add_sizes(page, site.sizes_of(&table.schema, &table.name).filter(|_| is_stored));
}

fn column(site: &Site<'_>, own: &ColumnEntry, references: &[&Relationship]) -> Vec<Cell> {
    let of_column = || references.iter().filter(|edge| edge.through.is_none() && edge.columns.contains(&own.name));
    let default = match (&own.identity, &own.generation_expression, &own.default) {
        (Some(identity), _, _) => format!("GENERATED {} AS IDENTITY", identity.word()),
        (None, Some(expression), _) => {
            let word = own.generated.map_or("", |generated| generated.word());
            format!("GENERATED ALWAYS AS ({expression}) {word}")
        }
        (None, None, default) => default.clone().unwrap_or_default(),
    };
    let keys = [(own.primary_key, "PK"), (of_column().next().is_some(), "FK"), (own.unique && !own.primary_key, "UK")];
    let mut links: Vec<Link> = Vec::new();
    for edge in of_column() {
        let link = site.places.relation(&edge.parent_schema, &edge.parent_table);
        if !links.contains(&link) {
            links.push(link);
        }
    }
    let of_type = &own.column_type;
    vec![
        Cell::Code(ident(&own.name)),
        Cell::Links(vec![site.places.type_with_text(&of_type.schema, &of_type.name, &of_type.data_type)]),
        Cell::flag(own.not_null, "not null"),
        Cell::Code(default),
        Cell::text(joined(keys.into_iter().filter_map(|(is, word)| is.then_some(word)))),
        Cell::Links(links),
        Cell::code(own.check.as_deref()),
        Cell::maybe(own.comment.as_deref()),
    ]
}

fn constraint(site: &Site<'_>, own: &ConstraintEntry) -> Vec<Cell> {
    let definition = match (&own.referenced_schema, &own.referenced_table) {
        (Some(schema), Some(table)) => Cell::Links(vec![Link {
            text: format!(
                "{} ({})",
                qualified(schema, table),
                ident_list(own.referenced_columns.as_deref().unwrap_or_default())
            ),
            ..site.places.relation(schema, table)
        }]),
        _ => Cell::code(own.expression.as_deref()),
    };
    let on = |action: Option<ForeignKeyAction>, word: &str| {
        let action = action.filter(|action| *action != ForeignKeyAction::NoAction)?;
        Some(format!("{word} {}", action.word()))
    };
    let matching = own.matching.filter(|matching| *matching != ForeignKeyMatch::Simple);
    let properties = [
        matching.map(|matching| format!("MATCH {}", matching.word())),
        on(own.on_update, "ON UPDATE"),
        on(own.on_delete, "ON DELETE"),
        own.deferrable.then(|| "DEFERRABLE".to_owned()),
        own.initially_deferred.then(|| "INITIALLY DEFERRED".to_owned()),
        (!own.validated).then(|| "NOT VALID".to_owned()),
        (!own.enforced).then(|| "NOT ENFORCED".to_owned()),
    ];
    vec![
        Cell::text(ident(&own.name)),
        Cell::text(own.kind.word()),
        if own.kind == ConstraintKind::Check { Cell::text("") } else { names(&own.columns) },
        definition,
        Cell::text(joined(properties.iter().flatten().map(String::as_str))),
        Cell::maybe(own.comment.as_deref()),
    ]
}

const RELATED: [&str; 7] = ["Table", "Columns", "Its columns", "Kind", "Through", "Declared", "Name"];

/// Returns the row of a relationship, seen from the table that refers (`outward`) or from the one that is referred to.
fn relationship(site: &Site<'_>, own: &Relationship, outward: bool) -> Vec<Cell> {
    let (other, here, there) = if outward {
        (own.parent(), &own.columns, &own.parent_columns)
    } else {
        (own.table(), &own.parent_columns, &own.columns)
    };
    let through = own.through.iter().map(|table| site.places.relation_named(table.clone())).collect();
    vec![
        Cell::Links(vec![site.places.relation(other.0, other.1)]),
        names(here),
        names(there),
        Cell::text(own.kind.word().replace('_', " ")),
        Cell::Links(through),
        Cell::flag(own.implied, "no: names imply it"),
        Cell::text(ident(&own.name)),
    ]
}

fn policy(own: &PolicyEntry) -> Vec<Cell> {
    vec![
        Cell::text(ident(&own.name)),
        Cell::text(if own.restrictive { "restrictive" } else { "permissive" }),
        Cell::text(own.command.word()),
        Cell::text(if own.roles.is_empty() { "PUBLIC".to_owned() } else { ident_list(&own.roles) }),
        Cell::code(own.using.as_deref()),
        Cell::code(own.with_check.as_deref()),
    ]
}

fn trigger(site: &Site<'_>, own: &TriggerEntry) -> Vec<Cell> {
    let events: Vec<&str> = own.events.iter().map(|event| event.word()).collect();
    vec![
        Cell::text(ident(&own.name)),
        Cell::text(format!("{} {}", own.timing.word(), events.join(" OR "))),
        Cell::text(own.level.word()),
        Cell::code(own.condition.as_deref()),
        Cell::Links(own.function.iter().map(|function| site.places.function_named(function.clone())).collect()),
        Cell::flag(!own.enabled, "disabled"),
        Cell::maybe(own.comment.as_deref()),
    ]
}
