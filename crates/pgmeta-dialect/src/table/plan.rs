//! Which tables come along, and what they and their columns are named. Prints nothing.

use pgmeta_core::ident::qualified;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, Constraint, Index, Table};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::data_type::DataType;
use crate::expression::Class;
use crate::loss::{Action, Losses, Place};
use crate::names::{NameRules, Names};
use crate::options::Schemas;
use crate::pointer::place;
use crate::target::{ColumnType, NameScope, Target};

use super::{World, keys, numbering};

/// A column that comes along.
#[derive(Clone, Debug)]
pub(crate) struct ColumnPlan<'m> {
    pub column: &'m Column,
    /// Its name in the dialect, in quotes.
    pub sql: String,
    pub data_type: DataType<'m>,
    pub class: Class,
    pub out: ColumnType,
    /// The first number and the step, if the dialect numbers it.
    pub numbered: Option<(i64, i64)>,
    pub not_null: bool,
    /// Whether its expression is translated: it is generated in the dialect too.
    pub generated: bool,
}

/// A table that comes along.
#[derive(Clone, Debug)]
pub(crate) struct TablePlan<'m> {
    pub place: Place,
    pub table: &'m Table,
    /// The schema in the dialect.
    pub schema: Option<String>,
    /// Its name in the dialect, with the schema, in quotes.
    pub sql: String,
    pub columns: Vec<ColumnPlan<'m>>,
    /// Its constraints, with their positions in the model.
    pub constraints: Vec<(usize, &'m Constraint)>,
    /// Its indexes, with their positions in the model.
    pub indexes: Vec<(usize, &'m Index)>,
    positions: FxHashMap<&'m str, usize>,
}

impl<'m> TablePlan<'m> {
    /// Returns the position of a column.
    pub fn position(&self, name: &str) -> Option<usize> {
        self.positions.get(name).copied()
    }

    /// Returns a column by its name in the model.
    pub fn column(&self, name: &str) -> Option<&ColumnPlan<'m>> {
        self.columns.get(self.position(name)?)
    }

    /// Returns the name in the model, for texts.
    pub fn identity(&self) -> String {
        qualified(&self.table.schema, &self.table.name)
    }
}

/// What a name within a table is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Named {
    Check,
    ForeignKey,
    Key,
    Index,
}

/// The names that are taken.
pub(crate) struct Namespaces {
    relation_rules: NameRules,
    index_rules: NameRules,
    /// Tables and views, by schema; in some dialects, indexes and constraints too.
    relations: FxHashMap<Option<String>, Names>,
    checks: Names,
    foreign_keys: Names,
    of_tables: FxHashMap<usize, Names>,
}

impl Namespaces {
    /// Returns the namespaces of a dialect, without names.
    pub fn new(target: &dyn Target) -> Self {
        let (rules, relation_rules, index_rules) =
            (target.facts().names, target.facts().relation_names, target.facts().index_names);
        Self {
            relation_rules,
            index_rules,
            relations: FxHashMap::default(),
            checks: Names::new(rules),
            foreign_keys: Names::new(rules),
            of_tables: FxHashMap::default(),
        }
    }

    /// Returns the names of relations of a schema.
    pub fn relations(&mut self, schema: Option<&str>) -> &mut Names {
        let rules = self.relation_rules;
        self.relations.entry(schema.map(str::to_owned)).or_insert_with(|| Names::new(rules))
    }

    /// Returns the names among which one of a kind must be unique.
    pub fn scope(&mut self, scope: NameScope, kind: Named, schema: Option<&str>, table: usize) -> &mut Names {
        let rules = self.index_rules;
        match scope {
            NameScope::Schema => self.relations(schema),
            NameScope::Kind if kind == Named::Check => &mut self.checks,
            NameScope::Kind => &mut self.foreign_keys,
            NameScope::Table => self.of_tables.entry(table).or_insert_with(|| Names::new(rules)),
        }
    }
}

/// Names the tables and columns that come along, and decides their types.
pub(crate) fn plan_all<'m>(world: World<'_, 'm>, names: &mut Namespaces, losses: &mut Losses) -> Vec<TablePlan<'m>> {
    let prefixed = prefixed_names(world);
    let mut constraints: FxHashMap<(&str, &str), Vec<(usize, &'m Constraint)>> = FxHashMap::default();
    for (at, own) in world.model.constraints.iter().enumerate() {
        check();
        constraints.entry((&own.schema, &own.table)).or_default().push((at, own));
    }
    let mut indexes: FxHashMap<(&str, &str), Vec<(usize, &'m Index)>> = FxHashMap::default();
    for (at, own) in world.model.indexes.iter().enumerate() {
        check();
        indexes.entry((&own.schema, &own.table)).or_default().push((at, own));
    }
    let mut plans = Vec::new();
    for (at, table) in world.model.tables.iter().enumerate() {
        let place = place("tables", at);
        if !comes_along(world, table, &place, losses) {
            continue;
        }
        let (schema, sql) = relation_name(world, names, &prefixed, &place, (&table.schema, &table.name), losses);
        let columns = columns(world, table, &place, losses);
        let positions = table.columns.iter().enumerate().map(|(at, own)| (&*own.name, at)).collect();
        let key = (&*table.schema, &*table.name);
        plans.push(TablePlan {
            place,
            table,
            schema,
            sql,
            columns,
            constraints: constraints.remove(&key).unwrap_or_default(),
            indexes: indexes.remove(&key).unwrap_or_default(),
            positions,
        });
    }
    numbering::decide(world, &mut plans);
    keys::limit_lengths(world, &mut plans);
    plans
}

/// Returns the names that need their schema: all, or those that more than one schema has.
pub(crate) fn prefixed_names<'m>(world: World<'_, 'm>) -> Option<FxHashSet<&'m str>> {
    if world.options.schemas == Some(Schemas::Prefix) {
        return None;
    }
    let (mut seen, mut twice) = (FxHashSet::default(), FxHashSet::default());
    let tables = world.model.tables.iter().map(|own| &own.name);
    let views = world.model.views.iter().map(|own| &own.name);
    for name in tables.chain(views).chain(world.model.materialized_views.iter().map(|own| &own.name)) {
        check();
        if !seen.insert(&**name) {
            twice.insert(&**name);
        }
    }
    Some(twice)
}

/// Returns the schema of a relation in the dialect, and its whole name.
pub(crate) fn relation_name(
    world: World<'_, '_>,
    names: &mut Namespaces,
    prefixed: &Option<FxHashSet<&str>>,
    place: &Place,
    (schema, name): (&str, &str),
    losses: &mut Losses,
) -> (Option<String>, String) {
    let own_schema = world.target.schema(schema);
    let with_schema = prefixed.as_ref().is_none_or(|names| names.contains(name));
    let wanted = if own_schema.is_none() && with_schema { format!("{schema}_{name}") } else { name.to_owned() };
    let claimed = names.relations(own_schema.as_deref()).claim(&wanted);
    if claimed != *name {
        let detail = format!("{} is named {claimed}", qualified(schema, name));
        losses.add(place, "name", Action::Emulated, detail);
    }
    let sql = world.target.qualified(own_schema.as_deref(), &claimed);
    (own_schema, sql)
}

/// Returns whether the rows of a table are in a table of their own in the dialect.
fn comes_along(world: World<'_, '_>, table: &Table, place: &Place, losses: &mut Losses) -> bool {
    let name = qualified(&table.schema, &table.name);
    let dialect = world.target.facts().name;
    if table.foreign.is_some() {
        let detail = format!("foreign table {name}: its rows are on another server");
        losses.add(place, "foreign table", Action::Dropped, detail);
        return false;
    }
    if let Some(partition) = &table.partition_of
        && world.index.table(&partition.parent.schema, &partition.parent.name).is_some()
    {
        let parent = qualified(&partition.parent.schema, &partition.parent.name);
        let detail = format!("partition {name}: its rows are in {parent}");
        losses.add(place, "partition", Action::Emulated, detail);
        return false;
    }
    if table.columns.is_empty() {
        let detail = format!("table {name}: {dialect} has no tables without columns");
        losses.add(place, "table", Action::Refused, detail);
        return false;
    }
    let greatest = world.target.facts().columns;
    if table.columns.len() > greatest {
        let detail = format!("table {name}: {dialect} has tables of {greatest} columns at most");
        losses.add(place, "table", Action::Refused, detail);
        return false;
    }
    true
}

fn columns<'m>(world: World<'_, 'm>, table: &'m Table, place: &Place, losses: &mut Losses) -> Vec<ColumnPlan<'m>> {
    let mut names = Names::new(world.target.facts().names);
    let mut planned = Vec::new();
    for (at, column) in table.columns.iter().enumerate() {
        check();
        let name = names.claim(&column.name);
        if name != *column.name {
            let detail = format!("column {} of {} is named {name}", column.name, qualified(&table.schema, &table.name));
            losses.add(&place.item("columns", at), "name", Action::Emulated, detail);
        }
        let data_type = DataType::of(world.index, &column.data_type);
        let not_null = column.not_null.is_some()
            || column.identity.is_some()
            || data_type.domains.iter().any(|domain| domain.not_null.is_some());
        planned.push(ColumnPlan {
            column,
            sql: world.target.ident(&name),
            class: Class::of(&data_type),
            out: world.target.data_type(&data_type, None),
            data_type,
            numbered: None,
            not_null,
            generated: column.generated.is_some(),
        });
    }
    planned
}
