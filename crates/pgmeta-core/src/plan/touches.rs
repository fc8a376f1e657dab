//! The effects and needs of each statement of a plan, as numbered resources for the graph. Reads the models; decides no order.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{ConstraintKind, ObjectKey, ObjectKind, ObjectRef, Table, each_need, each_need_of_main};
use crate::plan::alter::ColumnChange;
use crate::plan::column_changes::ChangedColumns;
use crate::plan::dependents::Objects;
use crate::plan::graph::Change;
use crate::plan::step::{Run, Statement};

#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Resource {
    Object(ObjectKey),
    Column(ObjectKey, Name),
    /// Whether a column may be null.
    Nullability(ObjectKey, Name),
    /// The properties of a table other than columns.
    Properties(ObjectKey),
    /// The primary key of a table under any name: there is only one.
    PrimaryKey(ObjectKey),
    /// The partitions of a table, with their bounds.
    Partitions(ObjectKey),
    /// The name of a relation or type: only one object can have it at a time.
    Name(Name, Name),
    /// Roles, schemas, extensions and the like, which any statement may need.
    Ground,
    /// Default privileges: new objects get them.
    Defaults,
}

/// The kinds of objects that any statement may need.
const GROUND: [ObjectKind; 7] = [
    ObjectKind::Role,
    ObjectKind::RoleMembership,
    ObjectKind::Tablespace,
    ObjectKind::Schema,
    ObjectKind::Extension,
    ObjectKind::Language,
    ObjectKind::AccessMethod,
];

/// Both models of a plan, by key.
pub struct Touches<'a, 'm> {
    objects: &'a Objects<'m>,
    /// The constraint behind an index: some objects refer to it by the key of the index.
    aliases: FxHashMap<ObjectKey, ObjectKey>,
    /// The casts of a function: a user of the function may need the cast.
    casts: FxHashMap<ObjectKey, Vec<ObjectKey>>,
    /// The tables that have a table's columns: its partitions and inheritance children.
    children: FxHashMap<ObjectKey, Vec<ObjectKey>>,
}

impl<'a, 'm> Touches<'a, 'm> {
    pub fn of(objects: &'a Objects<'m>) -> Self {
        let mut aliases = FxHashMap::default();
        let mut casts: FxHashMap<ObjectKey, Vec<ObjectKey>> = FxHashMap::default();
        let mut children: FxHashMap<ObjectKey, Vec<ObjectKey>> = FxHashMap::default();
        for (key, object) in objects.dependents.objects.iter().chain(&objects.news) {
            check();
            if let ObjectRef::Constraint(constraint) = object
                && constraint.index.is_some()
            {
                aliases.insert(constraint.index_key(), key.clone());
            } else if let ObjectRef::Cast(cast) = object {
                for function in cast.depends_on.iter().filter(|key| key.kind == ObjectKind::Function) {
                    casts.entry(function.clone()).or_default().push(key.clone());
                }
            } else if let ObjectRef::Table(table) = object {
                for parent in parents(table) {
                    children.entry(parent).or_default().push(key.clone());
                }
            }
        }
        Self { objects, aliases, casts, children }
    }

    /// Returns the effects of each statement on resources. `stays` returns whether an object exists during the whole plan.
    pub fn changes(&self, statements: &[Statement], stays: &dyn Fn(&ObjectKey) -> bool) -> Vec<Change> {
        let writes: Vec<Vec<Resource>> = statements.iter().map(|own| self.writes(own, stays)).collect();
        let mut numbers: FxHashMap<Resource, usize> = FxHashMap::default();
        let mut columns: FxHashMap<ObjectKey, FxHashSet<Name>> = FxHashMap::default();
        for resource in writes.iter().flatten() {
            check();
            let next = numbers.len();
            numbers.entry(resource.clone()).or_insert(next);
            if let Resource::Column(table, column) | Resource::Nullability(table, column) = resource {
                columns.entry(table.clone()).or_default().insert(column.clone());
            }
        }
        let columns: FxHashMap<ObjectKey, Vec<ColumnChange>> =
            columns.into_iter().map(|(key, names)| (key, column_changes(names))).collect();
        let mut units: FxHashMap<&ObjectKey, usize> = FxHashMap::default();
        let mut changes = Vec::with_capacity(statements.len());
        for (statement, writes) in statements.iter().zip(&writes) {
            check();
            let reads = self.reads(statement, &columns);
            let number =
                |list: &[Resource]| list.iter().filter_map(|resource| numbers.get(resource).copied()).collect();
            let unit = |key| {
                let next = units.len();
                *units.entry(key).or_insert(next)
            };
            changes.push(Change {
                writes: number(writes),
                reads: number(&reads),
                adds: statement.adds,
                units: statement.units.iter().map(unit).collect(),
            });
        }
        changes
    }

    fn writes(&self, statement: &Statement, stays: &dyn Fn(&ObjectKey) -> bool) -> Vec<Resource> {
        use ObjectKind::*;
        check();
        let key = &statement.key;
        let mut writes = Vec::new();
        if matches!(key.kind, Table | ForeignTable) && !statement.columns.is_empty() {
            let of = if statement.of_nullability { Resource::Nullability } else { Resource::Column };
            for column in &statement.columns {
                self.for_each_descendant(key, &mut |table| writes.push(of(table.clone(), column.clone())));
            }
        } else if matches!(key.kind, Table | ForeignTable) {
            let stays = stays(key);
            writes.push(if stays { Resource::Properties(key.clone()) } else { Resource::Object(key.clone()) });
            if !stays || statement.of_all_columns {
                writes.extend(self.partitioned(key).map(Resource::Partitions));
            }
        } else if key.kind == DefaultPrivileges {
            writes.push(Resource::Defaults);
        } else {
            writes.extend(GROUND.contains(&key.kind).then_some(Resource::Ground));
            writes.push(Resource::Object(key.clone()));
        }
        if statement.run == Run::Together {
            for object in self.relevant_states(key, statement.adds) {
                if let ObjectRef::Constraint(own) = object
                    && own.kind == ConstraintKind::PrimaryKey
                {
                    writes.push(Resource::PrimaryKey(own.table_key()));
                }
            }
        }
        if !stays(key)
            && matches!(
                key.kind,
                Table | ForeignTable | View | MaterializedView | Sequence | Index | Type | TableConstraint
            )
            && let (Some(schema), Some(name)) = (key.names.first(), key.names.last())
        {
            writes.push(Resource::Name(schema.clone(), name.clone()));
        }
        writes
    }

    fn reads(&self, statement: &Statement, columns: &FxHashMap<ObjectKey, Vec<ColumnChange>>) -> Vec<Resource> {
        check();
        let key = &statement.key;
        let mut reads = vec![Resource::Ground];
        if statement.adds {
            reads.push(Resource::Defaults);
        }
        if matches!(key.kind, ObjectKind::Table | ObjectKind::ForeignTable) {
            reads.push(Resource::Object(key.clone()));
        }
        if statement.copies_rows() {
            reads.push(Resource::Partitions(key.clone()));
        }
        if statement.of_nullability {
            let own = statement.columns.iter().map(|column| Resource::Column(key.clone(), column.clone()));
            reads.extend(own);
        }
        let mut seen: FxHashSet<ObjectKey> = FxHashSet::default();
        for needed in &statement.needs {
            reads.extend(all_columns(needed, columns.get(needed)));
            reads.push(Resource::Object(needed.clone()));
        }
        let key = statement.needs_of.as_ref().unwrap_or(key);
        match self.objects.states(key).last() {
            Some(ObjectRef::Constraint(constraint)) => {
                if let Some(foreign) = &constraint.foreign_key {
                    let referenced =
                        ObjectKey::in_schema(ObjectKind::Table, &foreign.table.schema, &foreign.table.name);
                    reads.push(Resource::Partitions(referenced));
                }
                // The drop includes the constraints of partitions. An attached table has its parent's constraints.
                if !statement.adds {
                    let table = constraint.table_key();
                    reads.extend(self.partitioned(&table).chain([table.clone()]).map(Resource::Partitions));
                }
            }
            // ATTACH PARTITION accepts any index that fits the parent's.
            Some(ObjectRef::Index(index)) if index.attached_to.is_none() => {
                reads.extend(self.partitioned(&index.table_key()).map(Resource::Partitions));
            }
            // The table is attached before its index.
            Some(ObjectRef::Index(index)) if statement.attaches_index() => {
                reads.extend(self.partitioned(&index.table_key()).map(Resource::Partitions));
            }
            _ => {}
        }
        for object in self.relevant_states(key, statement.adds) {
            if let (true, ObjectRef::Table(table)) = (statement.of_all_columns, object) {
                for table in parents(table).into_iter().chain([key.clone()]) {
                    reads.extend(all_columns(&table, columns.get(&table)));
                }
            }
            if let ObjectRef::Table(table) = object {
                reads.extend(generated_from(table, statement, columns.get(key)));
            }
            // CREATE INDEX CONCURRENTLY does not attach the index: another statement does.
            let each = if statement.run == Run::Outside { each_need_of_main } else { each_need };
            each(object, &mut |needed| {
                let needed = self.aliases.get(&needed).cloned().unwrap_or(needed);
                if let Some(columns) = columns.get(&needed) {
                    // An index accepts nulls.
                    let nullability = statement.run != Run::Outside;
                    reads.extend(mentioned(object, &needed, columns, nullability));
                }
                if object.may_cast() {
                    let casts = self.casts.get(&needed).into_iter().flatten();
                    reads.extend(casts.cloned().map(Resource::Object));
                }
                if needed != *key && seen.insert(needed.clone()) {
                    reads.push(Resource::Object(needed));
                }
            });
        }
        reads
    }

    /// Returns the states of an object that matter for a statement. The drop of a constraint does not need what its successor needs, and
    /// the creation does not need what the old one needed.
    fn relevant_states(&self, key: &ObjectKey, adds: bool) -> impl Iterator<Item = ObjectRef<'m>> {
        let states: Vec<ObjectRef<'m>> = self.objects.states(key).collect();
        let is_one = key.kind == ObjectKind::TableConstraint && states.len() > 1;
        states.into_iter().enumerate().filter(move |(at, _)| !is_one || (*at == 1) == adds).map(|(_, object)| object)
    }

    /// Returns the tables that a table is or will be a partition of.
    fn partitioned(&self, key: &ObjectKey) -> impl Iterator<Item = ObjectKey> {
        let partitions = self.objects.states(key).filter_map(|object| {
            let ObjectRef::Table(table) = object else { return None };
            table.partition_of.as_ref()
        });
        let mut parents: Vec<ObjectKey> = partitions
            .map(|partition| ObjectKey::in_schema(ObjectKind::Table, &partition.parent.schema, &partition.parent.name))
            .collect();
        parents.dedup();
        parents.into_iter()
    }

    /// Calls `each` with a table and all tables that have its columns.
    fn for_each_descendant(&self, table: &ObjectKey, each: &mut dyn FnMut(&ObjectKey)) {
        let mut waiting = vec![table];
        let mut seen = FxHashSet::default();
        while let Some(key) = waiting.pop() {
            check();
            if seen.insert(key) {
                each(key);
                waiting.extend(self.children.get(key).into_iter().flatten());
            }
        }
    }
}

/// Returns the columns that the generated ones among a statement's columns are computed from.
fn generated_from(table: &Table, statement: &Statement, columns: Option<&Vec<ColumnChange>>) -> Vec<Resource> {
    let Some(columns) = columns.filter(|_| !statement.columns.is_empty()) else { return Vec::new() };
    let own =
        table.columns.iter().filter(|column| column.generated.is_some() && statement.columns.contains(&column.name));
    let texts: Vec<&str> = own.filter_map(|column| column.default.as_deref()).collect();
    let named = |loss: &&ColumnChange| {
        check();
        let one = ChangedColumns::of(std::slice::from_ref(*loss));
        texts.iter().any(|text| one.named_in(text))
    };
    columns.iter().filter(named).flat_map(|loss| column(&table.object_key(), &loss.column, true)).collect()
}

/// Returns the tables that a table inherits columns from.
fn parents(table: &Table) -> Vec<ObjectKey> {
    table.parents().map(|parent| ObjectKey::in_schema(ObjectKind::Table, &parent.schema, &parent.name)).collect()
}

fn column_changes(names: FxHashSet<Name>) -> Vec<ColumnChange> {
    names.into_iter().map(|column| ColumnChange { column, retyped: false }).collect()
}

/// Returns all columns of a table that the plan changes.
fn all_columns(table: &ObjectKey, columns: Option<&Vec<ColumnChange>>) -> impl Iterator<Item = Resource> {
    columns.into_iter().flatten().flat_map(|loss| column(table, &loss.column, true))
}

/// Returns a column as a resource, and its nullability if that matters.
fn column(table: &ObjectKey, name: &Name, nullability: bool) -> impl Iterator<Item = Resource> + use<> {
    let nullability = nullability.then(|| Resource::Nullability(table.clone(), name.clone()));
    [Resource::Column(table.clone(), name.clone())].into_iter().chain(nullability)
}

/// Returns the columns of a table that an object names.
fn mentioned(object: ObjectRef<'_>, table: &ObjectKey, columns: &[ColumnChange], nullability: bool) -> Vec<Resource> {
    let names = |columns: &[ColumnChange]| {
        if let ObjectRef::Sequence(sequence) = object {
            sequence.owned_by.as_ref().is_some_and(|owned| columns.iter().any(|loss| loss.column == owned.column))
        } else {
            ChangedColumns::of(columns).may_affect(object, table)
        }
    };
    if !names(columns) {
        return Vec::new();
    }
    let each = columns.iter().filter(|loss| names(std::slice::from_ref(loss)));
    each.flat_map(|loss| column(table, &loss.column, nullability)).collect()
}
