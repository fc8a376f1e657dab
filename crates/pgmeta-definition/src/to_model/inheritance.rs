//! What partitions and other children have of their parents: columns, checks, and the indexes that are attached to the parent's.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, Columns, Constraint, ConstraintKind, Index, NotNull, RelationName, Table};
use rustc_hash::FxHashMap;

use crate::default_names::Label;
use crate::index::FullIndexColumn;
use crate::to_model::Maker;
use crate::to_model::constraints::part;
use crate::to_model::tables;

/// A schema and a name in it.
type Place = (Name, Name);

impl Maker<'_> {
    /// Gives each child what it has of its parents, parents first.
    pub fn add_inherited(&mut self) {
        let places: FxHashMap<Place, usize> = self
            .model
            .tables
            .iter()
            .enumerate()
            .map(|(at, own)| ((own.schema.clone(), own.name.clone()), at))
            .collect();
        let mut is_done = vec![false; self.model.tables.len()];
        for at in 0..self.model.tables.len() {
            self.inherit(at, &places, &mut is_done);
        }
    }

    fn inherit(&mut self, start: usize, places: &FxHashMap<Place, usize>, is_done: &mut [bool]) {
        // Children wait on the stack until their parents are done. A circle ends, because each is taken once.
        let mut stack = vec![start];
        while let Some(&at) = stack.last() {
            check();
            if is_done[at] {
                stack.pop();
                continue;
            }
            let parents: Vec<RelationName> = self.model.tables[at].parents().cloned().collect();
            let found = parents.iter().filter_map(|own| places.get(&(own.schema.clone(), own.name.clone())).copied());
            let parents: Vec<usize> = found.filter(|parent| *parent != at).collect();
            let waiting = parents.iter().copied().find(|parent| !is_done[*parent] && !stack.contains(parent));
            if let Some(parent) = waiting {
                stack.push(parent);
                continue;
            }
            self.inherit_columns(&parents, at);
            for parent in parents {
                self.inherit_from(parent, at);
            }
            is_done[at] = true;
            stack.pop();
        }
    }

    /// Gives a child the columns of its parents: before its own, as the server does.
    fn inherit_columns(&mut self, parents: &[usize], child: usize) {
        let is_partition = self.model.tables[child].partition_of.is_some();
        let mut rest = std::mem::take(&mut self.model.tables[child].columns);
        let mut all: Columns = Vec::new();
        let child_name = self.model.tables[child].name.clone();
        let has_names = self.target.server_version_num >= NAMED_NOT_NULL;
        let has_identity = is_partition && self.target.server_version_num >= INHERITED_IDENTITY;
        let of_parent = |parent: &usize| {
            let parent = &self.model.tables[*parent];
            parent.columns.iter().map(|column| (&parent.name, column))
        };
        for (parent, column) in parents.iter().flat_map(of_parent) {
            check();
            let not_null = || inherited_not_null(column, has_names.then_some((parent, &child_name)));
            if all.iter().any(|own| own.name == column.name) {
                continue;
            }
            let declared = rest.iter().position(|own| own.name == column.name).map(|at| rest.remove(at));
            all.push(match declared {
                Some(mut declared) => {
                    declared.has_parent = true;
                    declared.inherited = is_partition;
                    declared.identity = declared.identity.or(column.identity.filter(|_| has_identity));
                    if declared.not_null.is_none() {
                        declared.not_null = not_null();
                    }
                    declared
                }
                None => {
                    let identity = column.identity.filter(|_| has_identity);
                    Box::new(Column { not_null: not_null(), identity, ..inherited(column) })
                }
            });
        }
        all.append(&mut rest);
        self.model.tables[child].columns = all;
    }

    fn inherit_from(&mut self, parent: usize, child: usize) {
        let parent = self.model.tables[parent].clone();
        let is_partition = self.model.tables[child].partition_of.is_some();
        let own = self.model.tables[child].clone();
        let of_parent = |schema: &Name, table: &Name| *schema == parent.schema && *table == parent.name;
        // The names of what the child gets must not depend on the order in which the parent has them.
        let mut constraints: Vec<Constraint> =
            self.model.constraints.iter().filter(|it| of_parent(&it.schema, &it.table)).cloned().collect();
        constraints.sort_by(|one, other| one.name.cmp(&other.name));
        for it in constraints.into_iter().filter(|it| !it.no_inherit) {
            check();
            self.inherit_constraint(it, &own, is_partition);
        }
        if is_partition {
            let mut indexes: Vec<Index> =
                self.model.indexes.iter().filter(|it| of_parent(&it.schema, &it.table)).cloned().collect();
            indexes.sort_by(|one, other| one.name.cmp(&other.name));
            indexes.into_iter().for_each(|it| self.inherit_index(it, &own));
        }
    }

    fn inherit_constraint(&mut self, of_parent: Constraint, own: &Table, is_partition: bool) {
        let label = match of_parent.kind {
            ConstraintKind::Check => {
                let is_own =
                    |it: &Constraint| it.schema == own.schema && it.table == own.name && it.name == of_parent.name;
                // A check that the child declares, too, is one.
                if !self.model.constraints.iter().any(is_own) {
                    let (schema, table) = (own.schema.clone(), own.name.clone());
                    let on_partitioned = own.partition_by.is_some();
                    self.model.constraints.push(Constraint {
                        schema,
                        table,
                        on_partitioned,
                        inherited: true,
                        // A new table has no rows that were not checked.
                        not_valid: false,
                        comment: None,
                        ..of_parent
                    });
                }
                return;
            }
            ConstraintKind::PrimaryKey => Label::PrimaryKey,
            ConstraintKind::Unique => Label::Unique,
            // The server creates them with those of the parent.
            ConstraintKind::ForeignKey | ConstraintKind::Exclusion => return,
        };
        let Some(index) = of_parent.index.clone().filter(|_| is_partition) else { return };
        let columns = if label == Label::PrimaryKey { String::new() } else { part(&of_parent.columns) };
        let name = self.taken.choose(label, &own.schema, &own.name, &columns);
        let attached_to = Some(RelationName { schema: of_parent.schema.clone(), name: of_parent.name.clone() });
        self.model.constraints.push(Constraint {
            schema: own.schema.clone(),
            table: own.name.clone(),
            name,
            index: Some(Box::new(pgmeta_core::model::ConstraintIndex { attached_to, comment: None, ..*index })),
            on_partitioned: own.partition_by.is_some(),
            comment: None,
            ..of_parent
        });
    }

    fn inherit_index(&mut self, of_parent: Index, own: &Table) {
        let parts = of_parent.columns.iter().map(|it| FullIndexColumn {
            column: it.column.clone(),
            expression: it.expression.clone(),
            ..FullIndexColumn::default()
        });
        let parts: Vec<FullIndexColumn> = parts.collect();
        let columns = crate::default_names::columns_part(parts.iter().map(tables::part));
        let name = self.taken.choose(Label::Index, &own.schema, &own.name, &columns);
        let attached_to = Some(RelationName { schema: of_parent.schema.clone(), name: of_parent.name.clone() });
        self.model.indexes.push(Index {
            schema: own.schema.clone(),
            name,
            table: own.name.clone(),
            attached_to,
            on_partitioned: own.partition_by.is_some(),
            comment: None,
            ..of_parent
        });
    }
}

/// The version since which not-null constraints have names, which children inherit.
const NAMED_NOT_NULL: u32 = 180_000;

/// The version since which partitions have the identity columns of their parents, with one sequence.
const INHERITED_IDENTITY: u32 = 170_000;

/// Returns the not-null constraint that a child inherits; with the tables of parent and child, if it has a name.
fn inherited_not_null(column: &Column, tables: Option<(&Name, &Name)>) -> Option<Box<NotNull>> {
    let of_parent = column.not_null.as_deref().filter(|own| !own.no_inherit)?;
    let name = tables.and_then(|(parent, child)| {
        let name = of_parent.name.clone().unwrap_or_else(|| NotNull::default_name(parent, &column.name));
        (name != NotNull::default_name(child, &column.name)).then_some(name)
    });
    Some(Box::new(NotNull { inherited: true, comment: None, name, ..of_parent.clone() }))
}

fn inherited(column: &Column) -> Column {
    Column {
        inherited: true,
        has_parent: true,
        identity: None,
        comment: None,
        privileges: None,
        generated_by_parent: column.generated.is_some(),
        statistics_target: None,
        options: Box::default(),
        ..column.clone()
    }
}
