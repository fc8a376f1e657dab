//! Leaves out the names of constraints and indexes that PostgreSQL would choose, and puts keys of one column into the column.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use rustc_hash::FxHashMap;

use crate::column::ColumnDefinition;
use crate::constraint::{FullKey, KeyDefinition};
use crate::default_names::{Label, Taken, columns_part, make_name};
use crate::definition::Definition;
use crate::index::IndexDefinition;
use crate::table::TableDefinition;
use crate::to_model::constraints::{check_columns, exclusion_columns, part, target_of};
use crate::to_model::tables;

/// Leaves out the names that making the model would choose again.
pub(super) fn leave_out(definition: &mut Definition) {
    let own = definition.own_schema();
    let schema = |given: &Option<Name>| given.clone().unwrap_or_else(|| own.clone());
    let mut given = Given::of(definition);
    let taken = &mut given.taken;
    definition.tables.iter().for_each(|it| taken.add_relation(&schema(&it.schema), &it.name));
    definition.views.iter().for_each(|it| taken.add_relation(&schema(&it.schema), &it.name));
    definition.materialized_views.iter().for_each(|it| taken.add_relation(&schema(&it.schema), &it.name));
    definition.sequences.iter().for_each(|it| taken.add_relation(&schema(&it.schema), &it.name));
    for table in &mut definition.tables {
        check();
        let schema = schema(&table.schema);
        of_table(table, &schema, &mut given);
    }
    for view in &mut definition.materialized_views {
        let schema = schema(&view.schema);
        view.indexes.iter_mut().for_each(|it| of_index(it, &schema, &view.name, &mut given));
    }
}

fn of_table(table: &mut TableDefinition, schema: &Name, given: &mut Given) {
    let parts: Vec<String> = table.checks.iter().map(|it| check_columns(&it.0.expression, table)).collect();
    let excluded = table.exclusions.iter().map(|it| exclusion_columns(&it.definition, table));
    let excluded: Vec<String> = excluded.collect();
    let name = table.name.clone();
    let mut leave_out =
        |label: Label, own: &mut Option<Name>, part: &str| given.choose(label, own, schema, &name, part);
    for (it, part) in table.checks.iter_mut().zip(&parts) {
        leave_out(Label::Check, &mut it.0.name, part);
    }
    if let Some(key) = &mut table.primary_key {
        leave_out(Label::PrimaryKey, &mut key.0.name, "");
    }
    let mut has_first_name = Vec::with_capacity(table.unique.len());
    for key in &mut table.unique {
        let part = part(&key.0.columns);
        has_first_name.push(key.0.name.as_deref() == Some(&*make_name(&name, &part, Label::Unique.word())));
        leave_out(Label::Unique, &mut key.0.name, &part);
    }
    for (it, part) in table.exclusions.iter_mut().zip(&excluded) {
        leave_out(Label::Exclusion, &mut it.name, part);
    }
    let (mut of_partitions, others): (Vec<_>, Vec<_>) =
        table.foreign_keys.iter_mut().partition(|it| given.taken.has_partitions(&target_of(it, schema)));
    // Of several, the server names what belongs to one before the next: then each is named here.
    let is_only = of_partitions.len() == 1;
    for it in &mut of_partitions {
        let part = part(&it.columns);
        if is_only {
            given.choose(Label::ForeignKey, &mut it.name, schema, &name, &part);
        } else if let Some(own) = &it.name {
            given.taken.add(Label::ForeignKey, schema, own);
        }
        given.taken.add_of_partitions(&target_of(it, schema), schema, &name, &part);
    }
    for it in others {
        let part = part(&it.columns);
        given.choose(Label::ForeignKey, &mut it.name, schema, &name, &part);
    }
    table.indexes.iter_mut().for_each(|it| of_index(it, schema, &name, given));
    shorten(table, &has_first_name);
}

fn of_index(own: &mut IndexDefinition, schema: &Name, table: &str, given: &mut Given) {
    let part = columns_part(own.columns.iter().map(|it| tables::part(&it.0)));
    given.choose(Label::Index, &mut own.name, schema, table, &part);
}

/// The names that a definition gives.
#[derive(Default)]
struct Given {
    taken: Taken,
    /// How many constraints of a schema have a name: those of several tables may share one.
    constraints: FxHashMap<(Name, Name), usize>,
}

impl Given {
    fn of(definition: &Definition) -> Self {
        let own = definition.own_schema();
        let mut constraints: FxHashMap<(Name, Name), usize> = FxHashMap::default();
        for table in &definition.tables {
            let schema = table.schema.as_ref().unwrap_or(&own);
            let keys = table.primary_key.iter().chain(&table.unique).map(|it| &it.0.name);
            let names = keys.chain(table.foreign_keys.iter().map(|it| &it.name));
            let names = names.chain(table.checks.iter().map(|it| &it.0.name));
            for name in names.chain(table.exclusions.iter().map(|it| &it.name)).flatten() {
                *constraints.entry((schema.clone(), name.clone())).or_default() += 1;
            }
        }
        let mut taken = Taken::default();
        taken.note_partitions(definition);
        Self { taken, constraints }
    }

    /// Leaves out a name, if it is the chosen one and stays it: a name that another constraint has is given, and would be avoided.
    fn choose(&mut self, label: Label, given: &mut Option<Name>, schema: &Name, table: &str, part: &str) {
        let chosen = self.taken.choose(label, schema, table, part);
        let Some(name) = given else { return };
        let is_shared = label != Label::Index
            && self.constraints.get(&(schema.clone(), name.clone())).is_some_and(|count| *count > 1);
        if *name == chosen && !is_shared {
            *given = None;
            return;
        }
        self.taken.remove(label, schema, &chosen);
        self.taken.add(label, schema, name);
    }
}

/// Puts a key of a single column without more into the column. The keys of columns get their names first: a unique one is put there
/// only if it has the name without a number.
fn shorten(table: &mut TableDefinition, has_first_name: &[bool]) {
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
    for (key, has_first_name) in unique.into_iter().zip(has_first_name) {
        match find(&table.columns, &key).filter(|_| *has_first_name) {
            // A second key of the same column stays with the table.
            Some(at) if !table.columns[at].unique => table.columns[at].unique = true,
            _ => table.unique.push(key),
        }
    }
}
