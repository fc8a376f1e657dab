//! Leaves out the names of constraints and indexes that PostgreSQL would choose, and puts keys of one column into the column.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;

use crate::column::ColumnDefinition;
use crate::constraint::{FullKey, KeyDefinition};
use crate::default_names::{Label, Taken, columns_part};
use crate::definition::Definition;
use crate::index::IndexDefinition;
use crate::table::TableDefinition;
use crate::to_model::constraints::{check_columns, exclusion_columns, part};
use crate::to_model::tables;

/// Leaves out the names that making the model would choose again.
pub(super) fn leave_out(definition: &mut Definition) {
    let own = definition.own_schema();
    let schema = |given: &Option<Name>| given.clone().unwrap_or_else(|| own.clone());
    let mut taken = Taken::default();
    definition.tables.iter().for_each(|it| taken.add_relation(&schema(&it.schema), &it.name));
    definition.views.iter().for_each(|it| taken.add_relation(&schema(&it.schema), &it.name));
    definition.materialized_views.iter().for_each(|it| taken.add_relation(&schema(&it.schema), &it.name));
    definition.sequences.iter().for_each(|it| taken.add_relation(&schema(&it.schema), &it.name));
    for table in &mut definition.tables {
        check();
        let schema = schema(&table.schema);
        of_table(table, &schema, &mut taken);
    }
    for view in &mut definition.materialized_views {
        let schema = schema(&view.schema);
        view.indexes.iter_mut().for_each(|it| of_index(it, &schema, &view.name, &mut taken));
    }
}

fn of_table(table: &mut TableDefinition, schema: &Name, taken: &mut Taken) {
    let parts: Vec<String> = table.checks.iter().map(|it| check_columns(&it.0.expression, table)).collect();
    let excluded = table.exclusions.iter().map(|it| exclusion_columns(&it.definition, table));
    let excluded: Vec<String> = excluded.collect();
    let name = table.name.clone();
    let mut leave_out = |label: Label, given: &mut Option<Name>, part: &str| {
        choose(taken, label, given, schema, &name, part);
    };
    for (it, part) in table.checks.iter_mut().zip(&parts) {
        leave_out(Label::Check, &mut it.0.name, part);
    }
    if let Some(key) = &mut table.primary_key {
        leave_out(Label::PrimaryKey, &mut key.0.name, "");
    }
    for key in &mut table.unique {
        let part = part(&key.0.columns);
        leave_out(Label::Unique, &mut key.0.name, &part);
    }
    for (it, part) in table.exclusions.iter_mut().zip(&excluded) {
        leave_out(Label::Exclusion, &mut it.name, part);
    }
    for it in &mut table.foreign_keys {
        let part = part(&it.columns);
        leave_out(Label::ForeignKey, &mut it.name, &part);
    }
    table.indexes.iter_mut().for_each(|it| of_index(it, schema, &name, taken));
    shorten(table);
}

fn of_index(own: &mut IndexDefinition, schema: &Name, table: &str, taken: &mut Taken) {
    let part = columns_part(own.columns.iter().map(|it| tables::part(&it.0)));
    choose(taken, Label::Index, &mut own.name, schema, table, &part);
}

/// Leaves out a name, if it is the chosen one.
fn choose(taken: &mut Taken, label: Label, given: &mut Option<Name>, schema: &Name, table: &str, part: &str) {
    let chosen = taken.choose(label, schema, table, part);
    match given {
        Some(name) if *name == chosen => *given = None,
        Some(name) => {
            taken.remove(label, schema, &chosen);
            taken.add(label, schema, name);
        }
        None => {}
    }
}

/// Puts a key of a single column without more into the column.
fn shorten(table: &mut TableDefinition) {
    let find = |columns: &[ColumnDefinition], key: &KeyDefinition| {
        let [only] = &*key.0.columns else { return None };
        let alone = FullKey { columns: key.0.columns.clone(), ..FullKey::default() };
        (key.0 == alone).then(|| columns.iter().position(|own| own.name == *only)).flatten()
    };
    if let Some(at) = table.primary_key.as_ref().and_then(|key| find(&table.columns, key)) {
        table.columns[at].primary_key = true;
        table.primary_key = None;
    }
    let unique = std::mem::take(&mut table.unique);
    for key in unique {
        match find(&table.columns, &key) {
            // A second key of the same column stays with the table.
            Some(at) if !table.columns[at].unique => table.columns[at].unique = true,
            _ => table.unique.push(key),
        }
    }
}
