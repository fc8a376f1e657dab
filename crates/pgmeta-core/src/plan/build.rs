//! The plan itself: what must be made anew, and in which order everything is done. First goes what others must not
//! find in their way, then the target's objects come or change in restorable order, and at last goes what something
//! that stays needed until then.

mod drops;
mod in_use;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::{Context, Part, is_inline_check, plan_with};
use crate::diff::{Change, ChangeKind, Rename, diff};
use crate::interrupt::check;
use crate::model::{ConstraintKind, Model, ObjectKey, ObjectKind, ObjectRef, Table};
use crate::plan::alter::{How, Sides, alter, alter_part, how, losses};
use crate::plan::create;
use crate::plan::dependents::{Dependents, Link};
use crate::plan::options::Options;
use crate::plan::step::{Hazard, Run, Statement, Step, Timeouts, numbered};
use crate::plan::{index, rename, sequence, shared, sizes, swap, table};

/// What a plan does with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Create,
    Drop,
    Alter,
    Replace,
    Swap,
}

/// Plans the way from one model to another; the renames have been done to the old one, and are to be done first.
pub fn plan(old: &Model, new: &Model, renames: &[Rename], options: &Options) -> Vec<Step> {
    let changes = diff(old, new);
    let timeouts = Timeouts {
        lock_ms: options.lock_timeout,
        statement_ms: options.statement_timeout,
        slow_statement_ms: options.slow_statement_timeout,
    };
    let mut statements: Vec<Statement> = renames.iter().map(rename::statement).collect();
    if changes.is_empty() {
        return numbered(statements, timeouts);
    }
    decided(old, new, &changes, options, |builder| {
        builder.find_late();
        statements.extend(with_unchecked_bodies(builder.statements()));
    });
    sizes::note(&mut statements, old);
    numbered(statements, timeouts)
}

/// Returns which of the objects that differ cannot be altered: a plan makes them anew.
pub fn replaced(old: &Model, new: &Model, changes: &[Change<'_>], options: &Options) -> FxHashSet<ObjectKey> {
    if !changes.iter().any(|change| change.kind == ChangeKind::Alter) {
        return FxHashSet::default();
    }
    decided(old, new, changes, options, |builder| {
        let differs = changes.iter().filter(|change| change.kind == ChangeKind::Alter).map(|change| change.key.clone());
        differs.filter(|key| matches!(builder.action(key), Some(Action::Replace | Action::Swap))).collect()
    })
}

/// Decides what is done with the objects that differ, and goes on from there.
fn decided<T>(
    old: &Model,
    new: &Model,
    changes: &[Change<'_>],
    options: &Options,
    run: impl FnOnce(&mut Builder<'_, '_>) -> T,
) -> T {
    // Checks of tables that are there already need statements of their own.
    let there: FxHashSet<ObjectKey> = old.tables.iter().map(|table| table.object_key()).collect();
    let checks = new.constraints.iter().filter(|check| is_inline_check(check) && there.contains(&check.table_key()));
    let new_plan = plan_with(new, checks.map(|check| check.object_key()).collect());
    let old_plan = plan_with(old, FxHashSet::default());
    let ddl = options.ddl();
    let (old_context, new_context) = (Context::new(old, &ddl, &old_plan), Context::new(new, &ddl, &new_plan));
    let sides = Sides { old: &old_context, new: &new_context, options };
    let mut builder = Builder::new(&sides);
    builder.decide(changes);
    run(&mut builder)
}

struct Builder<'a, 'm> {
    sides: &'a Sides<'m>,
    dependents: Dependents<'m>,
    news: FxHashMap<ObjectKey, ObjectRef<'m>>,
    actions: FxHashMap<ObjectKey, Action>,
    /// Defaults, by table and position on the old side, that must go before what they need is made anew.
    suspended: FxHashSet<(ObjectKey, usize)>,
    /// What is dropped at the end.
    late: FxHashSet<ObjectKey>,
    /// Where those that are dropped stand in the restorable order of the old side.
    position: FxHashMap<ObjectKey, usize>,
    /// Indexes that are made anew for their own sake alone: the old one may stay until the new one is built.
    overlapping: FxHashSet<ObjectKey>,
    /// Tables, by schema and name, whose columns stay as they are, as far as that has been asked.
    columns_stay: FxHashMap<(&'m str, &'m str), bool>,
}

impl<'a, 'm> Builder<'a, 'm> {
    fn new(sides: &'a Sides<'m>) -> Self {
        Self {
            sides,
            dependents: Dependents::of(sides.old.model),
            news: sides
                .new
                .model
                .objects()
                .inspect(|_| check())
                .map(|object| (object.object().key(), object))
                .collect(),
            actions: FxHashMap::default(),
            suspended: FxHashSet::default(),
            late: FxHashSet::default(),
            position: FxHashMap::default(),
            overlapping: FxHashSet::default(),
            columns_stay: FxHashMap::default(),
        }
    }

    /// Decides what is done with each object that differs, and with all that this disturbs.
    fn decide(&mut self, changes: &[Change<'m>]) {
        let mut waiting = Vec::new();
        let mut own = Vec::with_capacity(changes.len());
        for change in changes {
            check();
            let action = match (change.kind, change.old, change.new) {
                (ChangeKind::Create, ..) => Action::Create,
                (ChangeKind::Drop, ..) if !self.sides.options.drops => continue,
                (ChangeKind::Drop, ..) => Action::Drop,
                (ChangeKind::Alter, Some(old), Some(new)) => match how(old, new, self.sides) {
                    How::Alter => Action::Alter,
                    How::Replace => Action::Replace,
                    How::Swap => Action::Swap,
                },
                (ChangeKind::Alter, ..) => continue,
            };
            self.actions.insert(change.key.clone(), action);
            own.push((change, action));
        }
        // Only now: what one change makes of another object counts more than that object's own.
        for (change, action) in own {
            check();
            match (action, change.old, change.new) {
                (Action::Alter, Some(old), Some(new)) => {
                    let losses = losses(old, new, self.sides);
                    if !losses.is_empty() {
                        for key in self.dependents.of_columns(&change.key, &losses) {
                            self.replace(key, &mut waiting);
                        }
                    }
                }
                (Action::Replace | Action::Swap, old, new) => {
                    if let (Some(ObjectRef::Index(old)), Some(ObjectRef::Index(new))) = (old, new)
                        && self.may_overlap(old, new)
                    {
                        self.overlapping.insert(change.key.clone());
                    }
                    waiting.push(change.key.clone());
                }
                _ => {}
            }
        }
        while let Some(key) = waiting.pop() {
            for (dependent, link) in self.dependents.on(&key).to_vec() {
                check();
                self.disturb(&key, dependent, link, &mut waiting);
            }
        }
        self.follow_partitions();
    }

    /// Marks what depends on an object that is made anew.
    fn disturb(&mut self, on: &ObjectKey, dependent: ObjectKey, link: Link, waiting: &mut Vec<ObjectKey>) {
        let Some(&object) = self.dependents.objects.get(&dependent) else { return };
        match (object, link) {
            (ObjectRef::Table(_), Link::Default(position)) => {
                self.suspended.insert((dependent.clone(), position));
                if self.news.contains_key(&dependent) {
                    self.actions.entry(dependent).or_insert(Action::Alter);
                }
            }
            // A table's columns go over to the new type, and its sequences and servers stay.
            (ObjectRef::Table(_), _) => {
                let swapped = self.actions.get(on) == Some(&Action::Swap);
                let parent = on.kind == ObjectKind::Table || on.kind == ObjectKind::ForeignTable;
                if self.news.contains_key(&dependent) && (swapped || parent) {
                    self.actions.entry(dependent).or_insert(Action::Alter);
                }
            }
            (ObjectRef::Domain(_), Link::Default(_) | Link::DomainCheck(_)) => {
                if self.news.contains_key(&dependent) {
                    self.actions.entry(dependent).or_insert(Action::Alter);
                }
            }
            (ObjectRef::Domain(_) | ObjectRef::Type(_), _) => {
                if self.news.contains_key(&dependent) && !matches!(self.actions.get(&dependent), Some(Action::Swap)) {
                    self.actions.insert(dependent.clone(), Action::Swap);
                    waiting.push(dependent);
                }
            }
            (
                ObjectRef::Schema(_) | ObjectRef::Extension(_) | ObjectRef::Role(_) | ObjectRef::DefaultPrivileges(_),
                _,
            ) => {}
            _ => self.replace(dependent, waiting),
        }
    }

    fn replace(&mut self, key: ObjectKey, waiting: &mut Vec<ObjectKey>) {
        self.overlapping.remove(&key);
        if matches!(self.actions.get(&key), Some(Action::Drop | Action::Replace | Action::Swap)) {
            return;
        }
        if !self.news.contains_key(&key) {
            return;
        }
        // The sequence of an identity column and what a parent makes cannot be made alone.
        match self.dependents.objects.get(&key) {
            Some(ObjectRef::Sequence(_)) | None => return,
            Some(ObjectRef::Constraint(constraint)) if constraint.inherited => return,
            _ => {}
        }
        self.actions.insert(key.clone(), Action::Replace);
        waiting.push(key);
    }

    /// A partition's indexes and constraints that hang on a parent's are made anew with it, and the other way round.
    fn follow_partitions(&mut self) {
        let parents: Vec<(ObjectKey, ObjectKey)> = self
            .dependents
            .objects
            .iter()
            .filter_map(|(key, object)| {
                let attached = match object {
                    ObjectRef::Index(index) => index.attached_to.as_ref(),
                    ObjectRef::Constraint(constraint) => {
                        constraint.index.as_ref().and_then(|index| index.attached_to.as_ref())
                    }
                    _ => None,
                }?;
                // One that goes with its table, or that the table leaves with, is no matter of the parent's.
                let (schema, table) = match object {
                    ObjectRef::Index(index) => (&index.schema, &index.table),
                    ObjectRef::Constraint(constraint) => (&constraint.schema, &constraint.table),
                    _ => return None,
                };
                let table_key = ObjectKey::in_schema(ObjectKind::Table, schema, table);
                if !self.news.contains_key(&table_key) || self.is_detached(schema, table) {
                    return None;
                }
                Some((key.clone(), ObjectKey::in_schema(ObjectKind::Index, &attached.schema, &attached.name)))
            })
            .collect();
        // A parent is addressed by its index; a constraint's own key is found by its name.
        let by_index: FxHashMap<ObjectKey, ObjectKey> = self
            .dependents
            .objects
            .values()
            .filter_map(|object| match object {
                ObjectRef::Constraint(constraint) if constraint.index.is_some() => Some((
                    ObjectKey::in_schema(ObjectKind::Index, &constraint.schema, &constraint.name),
                    constraint.object_key(),
                )),
                _ => None,
            })
            .collect();
        let mut beside: FxHashMap<&ObjectKey, Vec<&ObjectKey>> = FxHashMap::default();
        for (child, index) in &parents {
            check();
            let parent = by_index.get(index).unwrap_or(index);
            beside.entry(child).or_default().push(parent);
            beside.entry(parent).or_default().push(child);
        }
        let remade = |action: &Action| matches!(action, Action::Replace | Action::Drop);
        let mut waiting: Vec<&ObjectKey> =
            beside.keys().copied().filter(|key| self.actions.get(key).is_some_and(remade)).collect();
        while let Some(key) = waiting.pop() {
            for &other in beside.get(key).into_iter().flatten() {
                check();
                if matches!(self.actions.get(other), None | Some(Action::Alter)) && self.news.contains_key(other) {
                    self.actions.insert(other.clone(), Action::Replace);
                    waiting.push(other);
                }
            }
        }
    }

    fn action(&self, key: &ObjectKey) -> Option<Action> {
        self.actions.get(key).copied()
    }

    /// Returns whether the object is dropped, to come back or not.
    fn goes(&self, key: &ObjectKey) -> bool {
        matches!(self.action(key), Some(Action::Drop | Action::Replace))
    }

    /// Returns whether the object is there all the time.
    fn stays(&self, key: &ObjectKey) -> bool {
        matches!(self.action(key), None | Some(Action::Alter)) && self.dependents.objects.contains_key(key)
    }

    fn statements(&self) -> Vec<Statement> {
        let mut out = Vec::new();
        self.let_go(&mut out);
        self.drops(false, &mut out);
        self.swap_aside(&mut out);
        self.clear(&mut out);
        self.creations(&mut out);
        out.extend(self.overlapping().map(index::away));
        self.drops(true, &mut out);
        self.swap_away(&mut out);
        out
    }

    fn swapped(&self) -> impl Iterator<Item = ObjectRef<'m>> {
        let steps = self.sides.old.plan.steps.iter().filter(|step| step.part == Part::Main);
        steps.map(|step| step.object).filter(|object| self.action(&object.object().key()) == Some(Action::Swap))
    }

    fn swap_aside(&self, out: &mut Vec<Statement>) {
        out.extend(self.swapped().map(swap::aside));
    }

    fn swap_away(&self, out: &mut Vec<Statement>) {
        let mut swapped: Vec<_> = self.swapped().collect();
        swapped.reverse();
        out.extend(swapped.into_iter().map(swap::away));
    }

    /// Makes and changes the objects of the new side in restorable order.
    fn creations(&self, out: &mut Vec<Statement>) {
        let swapped: FxHashSet<String> = self.swapped().map(|object| object.object().key().identity()).collect();
        let mut attaches = Vec::new();
        for step in &self.sides.new.plan.steps {
            check();
            let key = step.object.object().key();
            if self.action(&key).is_some() && needs_partitions(step.object, step.part) {
                out.append(&mut attaches);
            }
            match self.action(&key) {
                // The server makes what a parent has on each partition that it gets, unless it finds it there: first
                // come the partition's own indexes.
                Some(Action::Create | Action::Replace | Action::Swap)
                    if step.part == Part::Attach && matches!(step.object, ObjectRef::Table(_)) =>
                {
                    if let ObjectRef::Table(new) = step.object {
                        attaches.extend(table::attach(None, new, false));
                    }
                }
                Some(Action::Create | Action::Replace | Action::Swap) => {
                    let old = self.dependents.objects.get(&key).copied();
                    create::statements(step, old, &|key| self.is_in_use(key), self.sides, out);
                }
                Some(Action::Alter) => {
                    let Some(&old) = self.dependents.objects.get(&key) else { continue };
                    if let (ObjectRef::Table(old), ObjectRef::Table(new)) = (old, step.object) {
                        self.alter_table(&key, old, new, step.part, &swapped, out);
                        if step.part == Part::Attach {
                            attaches.extend(table::attach(Some(old), new, self.parent_goes(old)));
                        }
                    } else if step.part == Part::Main {
                        alter(old, step.object, self.sides, out);
                        shared::alter(old.render(), step.object.render(), self.sides, out);
                    } else {
                        alter_part(old, step.object, step.part, self.sides, out);
                    }
                }
                Some(Action::Drop) | None => {}
            }
            if let (ObjectRef::Sequence(new), Part::OwnedBy) = (step.object, step.part)
                && let Some(ObjectRef::Sequence(old)) = self.dependents.objects.get(&key)
                && self.owner_goes(old)
                && old.owned_by == new.owned_by
            {
                out.extend(sequence::owned(new));
            }
        }
        out.append(&mut attaches);
    }

    fn alter_table(
        &self,
        key: &ObjectKey,
        old: &Table,
        new: &Table,
        part: Part,
        swapped: &FxHashSet<String>,
        out: &mut Vec<Statement>,
    ) {
        let (old_ref, new_ref) = (ObjectRef::Table(old), ObjectRef::Table(new));
        // A partition changes where it is attached, after its parent.
        let place = if new.partition_of.is_some() { Part::Attach } else { Part::Main };
        let suspended = |position| self.suspended.contains(&(key.clone(), position));
        if part == place {
            swap::columns(old, new, swapped, self.sides, &suspended, out);
        }
        match part {
            Part::Main => {
                shared::alter(old, new, self.sides, out);
                alter(old_ref, new_ref, self.sides, out);
            }
            part => alter_part(old_ref, new_ref, part, self.sides, out),
        }
        // A default that is a step of its own comes back with that.
        let again = match part {
            Part::Default(position) => {
                let column = new.columns.get(position);
                column.and_then(|column| self.sides.old.position(old, &column.name)).into_iter().collect()
            }
            part if part == place && !self.suspended.is_empty() => (0..old.columns.len()).collect(),
            _ => Vec::new(),
        };
        for position in again.into_iter().filter(|&position| suspended(position)) {
            check();
            out.extend(create::default_again(new, &old.columns[position], part, self.sides));
        }
    }
}

/// A function's body may name what comes after it: the server is not to look, in any transaction that makes one.
fn with_unchecked_bodies(statements: Vec<Statement>) -> Vec<Statement> {
    let makes = |statement: &Statement| {
        matches!(statement.key.kind, ObjectKind::Function | ObjectKind::Procedure)
            && statement.sql.starts_with("CREATE ")
            && statement.run == Run::Together
    };
    let mut out = Vec::with_capacity(statements.len());
    let mut unchecked = false;
    for statement in statements {
        check();
        if statement.run != Run::Together {
            unchecked = false;
        } else if makes(&statement) && !unchecked {
            out.push(Statement::new(&statement.key, "SET LOCAL check_function_bodies = off"));
            unchecked = true;
        }
        out.push(statement);
    }
    out
}

/// Returns whether a step of the new side needs its table's partitions to be attached.
fn needs_partitions(object: ObjectRef<'_>, part: Part) -> bool {
    match (object, part) {
        (ObjectRef::Constraint(constraint), Part::Main) => {
            // The server attaches no index of an exclusion constraint: it makes one for each partition that is there.
            let made_on_each = constraint.kind == ConstraintKind::Exclusion && constraint.on_partitioned;
            constraint.foreign_key.is_some() || constraint.kind == ConstraintKind::Check || made_on_each
        }
        (ObjectRef::Index(_), Part::Main) => false,
        (ObjectRef::Constraint(_) | ObjectRef::Index(_), _) => true,
        (ObjectRef::Trigger(_) | ObjectRef::Policy(_) | ObjectRef::Publication(_), _) => true,
        _ => false,
    }
}

impl Sides<'_> {
    /// Returns whether a table is known to have few rows; without an estimate it is not.
    pub fn is_small(&self, table: &ObjectKey) -> bool {
        let [schema, name] = &*table.names else { return false };
        let rows = self.old.table(schema, name).and_then(|table| table.rows_estimate);
        rows.is_some_and(|rows| rows <= self.options.small_table_rows)
    }
}

/// Notes what a statement that is printed by the DDL's code does to others.
pub fn creation_hazards(object: ObjectRef<'_>, statement: Statement) -> Statement {
    use crate::plan::step::LockLevel::{AccessExclusive, ShareRowExclusive};
    match object {
        ObjectRef::Trigger(_) => statement.lock(ShareRowExclusive),
        ObjectRef::Policy(_) | ObjectRef::Rule(_) => statement.lock(AccessExclusive).hazard(Hazard::AuthzUpdate),
        _ => statement,
    }
}
