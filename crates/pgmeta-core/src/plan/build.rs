//! The plan itself: what must be made anew, and in which order everything is done. First goes what others must not
//! find in their way, then the target's objects come or change in restorable order, and at last goes what something
//! that stays needed until then.

mod defaults;
mod drops;
mod in_use;
mod parked;
mod typed;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::{Context, Part, Step as DdlStep, is_inline_check, plan_with};
use crate::diff::{Change, ChangeKind, Rename, diff, moves, own_attributes};
use crate::ident::{Name, qualified};
use crate::interrupt::check;
use crate::model::{
    Column, Constraint, ConstraintKind, Domain, DomainCheck, Model, ObjectKey, ObjectKind, ObjectRef, Publication,
    Sequence, Table,
};
use crate::plan::alter::{Forced, How, Loss, Sides, alter, alter_part, how, losses};
use crate::plan::create;
use crate::plan::dependents::{Dependents, Link, Objects};
use crate::plan::losses::Losses;
use crate::plan::merge::merge;
use crate::plan::options::Options;
use crate::plan::step::{Hazard, LockLevel, Run, Statement, Step, Timeouts, numbered};
use crate::plan::swap::Swapped;
use crate::plan::touches::Touches;
use crate::plan::transactions::{Arranged, arrange, note_gaps, note_units};
use crate::plan::{column_facts, domain, index, locks, rename, sequence, shared, sizes, swap, table, unplanned};

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
    let mut statements: Vec<Statement> = renames.iter().map(|rename| rename::statement(rename, old)).collect();
    if changes.is_empty() {
        return numbered(statements, timeouts);
    }
    let arranged = with_sides((old, new), &changes, options, |sides, objects, changes| {
        let mut arranged = arranged(changes, sides, objects);
        unplanned::note(changes, objects, options, &mut arranged);
        locks::note(&mut arranged, (old, new), objects);
        arranged
    });
    statements.extend(with_unchecked_bodies(merge(arranged)));
    sizes::note(&mut statements, old);
    let mut steps = numbered(statements, timeouts);
    note_gaps(&mut steps);
    steps
}

/// Returns the statements in an order that leaves no gap between transactions. What must make way, and what can only be changed in
/// one transaction, may ask the same of others: it is found out by turns.
fn arranged<'m>(changes: &[Change<'m>], sides: &mut Sides<'m>, objects: &Objects<'m>) -> Vec<Statement> {
    const TURNS: usize = 10;
    for turn in 1.. {
        let known = sides.forced.len();
        let mut builder = Builder::new(sides, objects);
        builder.decide(changes);
        if !builder.remade.is_empty() && turn < TURNS {
            let remade = builder.remade;
            sides.forced.remade_columns.extend(remade);
            continue;
        }
        builder.find_late();
        let Arranged { statements, torn } = builder.arranged();
        sides.forced.in_one_transaction.extend(torn);
        if sides.forced.len() == known || turn == TURNS {
            return statements;
        }
    }
    Vec::new()
}

/// Returns which of the objects that differ cannot be altered: a plan makes them anew.
pub fn replaced(old: &Model, new: &Model, changes: &[Change<'_>], options: &Options) -> FxHashSet<ObjectKey> {
    if !changes.iter().any(|change| change.kind == ChangeKind::Alter) {
        return FxHashSet::default();
    }
    with_sides((old, new), changes, options, |sides, objects, changes| {
        let mut builder = Builder::new(sides, objects);
        builder.decide(changes);
        let differs = changes.iter().filter(|change| change.kind == ChangeKind::Alter).map(|change| change.key.clone());
        differs.filter(|key| matches!(builder.action(key), Some(Action::Replace | Action::Swap))).collect()
    })
}

/// Orders both sides for what is done with them, and knows their objects by key.
fn with_sides<T>(
    (old, new): (&Model, &Model),
    changes: &[Change<'_>],
    options: &Options,
    run: impl for<'s> FnOnce(&mut Sides<'s>, &Objects<'s>, &[Change<'s>]) -> T,
) -> T {
    // Checks of tables that are there already need statements of their own.
    let there: FxHashSet<ObjectKey> = old.tables.iter().map(|table| table.object_key()).collect();
    let checks = new.constraints.iter().filter(|check| is_inline_check(check) && there.contains(&check.table_key()));
    let new_plan = plan_with(new, checks.map(|check| check.object_key()).collect());
    let old_plan = plan_with(old, FxHashSet::default());
    let ddl = options.ddl();
    let (old_context, new_context) = (Context::new(old, &ddl, &old_plan), Context::new(new, &ddl, &new_plan));
    let mut sides = Sides { old: &old_context, new: &new_context, options, forced: Forced::default() };
    let objects = Objects::of(old, new);
    run(&mut sides, &objects, changes)
}

struct Builder<'a, 'm> {
    sides: &'a Sides<'m>,
    objects: &'a Objects<'m>,
    dependents: &'a Dependents<'m>,
    news: &'a FxHashMap<ObjectKey, ObjectRef<'m>>,
    actions: FxHashMap<ObjectKey, Action>,
    /// Defaults, by table and position on the old side, that must go before what they need is made anew.
    suspended: FxHashSet<(ObjectKey, usize)>,
    /// Tables, by publication and key, that leave a publication for a while.
    suspended_members: FxHashSet<(ObjectKey, ObjectKey)>,
    /// The same of domains' checks.
    suspended_checks: FxHashSet<(ObjectKey, usize)>,
    /// Columns, by table and name, that hold rows of tables that change, with these.
    parked: FxHashMap<(ObjectKey, Name), Vec<ObjectKey>>,
    /// Generated columns that this turn has found to be in the way.
    remade: FxHashSet<(ObjectKey, Name)>,
    /// Foreign keys that come back when the partitions that they refer to are where they are to be.
    freed: FxHashSet<ObjectKey>,
    /// What would be dropped, if it were not for the option `drops`.
    left_out: FxHashSet<ObjectKey>,
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
    fn new(sides: &'a Sides<'m>, objects: &'a Objects<'m>) -> Self {
        Self {
            sides,
            objects,
            dependents: &objects.dependents,
            news: &objects.news,
            actions: FxHashMap::default(),
            suspended: FxHashSet::default(),
            suspended_members: FxHashSet::default(),
            suspended_checks: FxHashSet::default(),
            parked: FxHashMap::default(),
            remade: FxHashSet::default(),
            freed: FxHashSet::default(),
            left_out: FxHashSet::default(),
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
                (ChangeKind::Drop, ..) if !self.sides.options.drops => {
                    self.left_out.insert(change.key.clone());
                    continue;
                }
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
        let mut altered: Vec<ObjectKey> =
            self.sides.forced.remade_columns.iter().map(|(table, _)| table.clone()).collect();
        altered.sort();
        altered.dedup();
        for table in &altered {
            self.actions.entry(table.clone()).or_insert(Action::Alter);
        }
        // Only now: what one change makes of another object counts more than that object's own.
        for (change, action) in own {
            check();
            match (action, change.old, change.new) {
                (Action::Alter, ..) => altered.push(change.key.clone()),
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
        self.free_partitions(changes, &mut waiting);
        self.release_dropped(changes, &mut waiting);
        for key in altered {
            let (Some(&old), Some(&new)) = (self.dependents.objects.get(&key), self.news.get(&key)) else { continue };
            let losses = losses(old, new, self.sides);
            if !losses.is_empty() {
                for dependent in self.dependents.of_columns(&key, &losses) {
                    self.replace(dependent, &key, &mut waiting);
                }
            }
            if let (ObjectRef::Table(old), ObjectRef::Table(new)) = (old, new) {
                let retyped = |column: &Column| {
                    let is = self.sides.new.column(new, &column.name);
                    is.is_some_and(|is| {
                        let gets_type =
                            column_facts::retyped(column, is) && column_facts::comes_with_parent(column, is);
                        // The parent's goes first, and takes along those of the children: one that is another then says so.
                        let goes_along = column_facts::sets_default(column, is) && self.parent_has_default(old, column);
                        gets_type && !goes_along
                    })
                };
                let positions = defaults::of_children(old, &retyped);
                self.suspended.extend(positions.into_iter().map(|position| (key.clone(), position)));
            }
            if let (ObjectRef::Table(old), ObjectRef::Table(new)) = (old, new)
                && table::writes_rows_anew(old, new, self.sides)
            {
                self.park_rows_of(&key, &mut waiting);
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

    /// Makes anew what says the same on both sides and still uses something that is dropped: a cast has another function, or a name
    /// is another object's.
    fn release_dropped(&mut self, changes: &[Change<'m>], waiting: &mut Vec<ObjectKey>) {
        use ObjectKind::*;
        let named = |kind| matches!(kind, Function | Aggregate | Operator | OperatorFamily | OperatorClass | Collation);
        for change in changes.iter().filter(|change| named(change.key.kind)) {
            if self.action(&change.key) != Some(Action::Drop) {
                continue;
            }
            for (dependent, link) in self.dependents.on(&change.key).to_vec() {
                check();
                if self.says_the_same(&dependent, link) {
                    self.disturb(&change.key, dependent, link, waiting);
                }
            }
        }
    }

    /// Returns whether the part of an object that holds a link is the same on both sides.
    fn says_the_same(&self, key: &ObjectKey, link: Link) -> bool {
        let (Some(&old), Some(&new)) = (self.dependents.objects.get(key), self.news.get(key)) else { return false };
        let expression = |text: Option<&str>| text.map(crate::diff::expression);
        match (old, new, link) {
            (ObjectRef::Table(old), ObjectRef::Table(new), Link::Default(at) | Link::Generated(at)) => {
                let was = &old.columns[at];
                let is = self.sides.new.column(new, &was.name);
                is.is_some_and(|is| expression(was.default.as_deref()) == expression(is.default.as_deref()))
            }
            (ObjectRef::Domain(old), ObjectRef::Domain(new), Link::Default(_)) => {
                expression(old.default.as_deref()) == expression(new.default.as_deref())
            }
            (ObjectRef::Domain(old), ObjectRef::Domain(new), Link::DomainCheck(at)) => {
                let was = &old.checks[at];
                let same = |is: &&DomainCheck| is.name == was.name;
                let is = new.checks.iter().find(same);
                is.is_some_and(|is| expression(Some(&was.expression)) == expression(Some(&is.expression)))
            }
            (ObjectRef::Table(old), ObjectRef::Table(new), _) => old.partition_by == new.partition_by,
            _ => own_attributes(old) == own_attributes(new),
        }
    }

    /// Lets foreign keys go that refer to tables whose partitions leave them, be it for a moment: rows that are referred to stay.
    fn free_partitions(&mut self, changes: &[Change<'m>], waiting: &mut Vec<ObjectKey>) {
        let mut tables: FxHashSet<ObjectKey> = FxHashSet::default();
        for change in changes {
            check();
            let Some(ObjectRef::Table(old)) = change.old else { continue };
            // One that is dropped leaves with what nobody refers to, and the server sees to that.
            let Some(ObjectRef::Table(new)) = change.new else { continue };
            if old.partition_of != new.partition_of {
                let above = in_use::above(self.sides.old, old);
                tables
                    .extend(above.map(|parent| ObjectKey::in_schema(ObjectKind::Table, &parent.schema, &parent.name)));
            }
        }
        if tables.is_empty() {
            return;
        }
        for constraint in &self.sides.old.model.constraints {
            let Some(referenced) = constraint.foreign_key.as_ref().map(|key| &key.table) else { continue };
            let referenced = ObjectKey::in_schema(ObjectKind::Table, &referenced.schema, &referenced.name);
            if tables.contains(&referenced) {
                let key = constraint.object_key();
                self.freed.insert(key.clone());
                self.replace(key, &referenced, waiting);
            }
        }
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
            (ObjectRef::Table(table), Link::Generated(position)) => {
                let column = &table.columns[position].name;
                let remade = (dependent, column.clone());
                if self.news.contains_key(&remade.0) && !self.sides.forced.remade_columns.contains(&remade) {
                    self.remade.insert(remade);
                }
            }
            // Its rows are elsewhere.
            (ObjectRef::Table(table), _) if table.foreign.is_some() && on.kind == ObjectKind::Server => {
                self.replace(dependent, on, waiting);
            }
            // Its partition key uses it, or a column of that must go over to it; the rows are in the partitions.
            (ObjectRef::Table(table), _) if self.is_in_partition_key(on, table) => {
                self.replace(dependent, on, waiting);
            }
            // A table's columns go over to the new type, and its sequences stay.
            (ObjectRef::Table(table), _) => {
                if self.is_remade_table(on) {
                    self.park_rows_of(on, waiting);
                }
                let swapped = self.actions.get(on) == Some(&Action::Swap);
                if swapped {
                    self.move_columns(on, table, waiting);
                }
                let parent = on.kind == ObjectKind::Table || on.kind == ObjectKind::ForeignTable;
                if self.news.contains_key(&dependent) && (swapped || parent) {
                    self.actions.entry(dependent).or_insert(Action::Alter);
                }
            }
            (ObjectRef::Domain(domain), Link::DomainCheck(_)) if domain::is_stored_within(domain, self.sides) => {
                self.swap(dependent, waiting);
            }
            (ObjectRef::Domain(_), Link::Default(_) | Link::DomainCheck(_)) => {
                match link {
                    Link::DomainCheck(position) => self.suspended_checks.insert((dependent.clone(), position)),
                    _ => self.suspended.insert((dependent.clone(), 0)),
                };
                if self.news.contains_key(&dependent) {
                    self.actions.entry(dependent).or_insert(Action::Alter);
                }
            }
            // It cannot be aside, as it holds on to the table; who has its values keeps them elsewhere meanwhile.
            (ObjectRef::Domain(_) | ObjectRef::Type(_), _) if self.is_remade_table(on) => {
                self.replace(dependent, on, waiting);
            }
            (ObjectRef::Domain(_) | ObjectRef::Type(_), _) => self.swap(dependent, waiting),
            (
                ObjectRef::Schema(_) | ObjectRef::Extension(_) | ObjectRef::Role(_) | ObjectRef::DefaultPrivileges(_),
                _,
            ) => {}
            _ => self.replace(dependent, on, waiting),
        }
    }

    fn is_remade_table(&self, key: &ObjectKey) -> bool {
        key.kind == ObjectKind::Table && self.actions.get(key) == Some(&Action::Replace)
    }

    fn swap(&mut self, key: ObjectKey, waiting: &mut Vec<ObjectKey>) {
        if self.news.contains_key(&key) && self.actions.get(&key) != Some(&Action::Swap) {
            self.actions.insert(key.clone(), Action::Swap);
            waiting.push(key);
        }
    }

    fn is_in_partition_key(&self, on: &ObjectKey, table: &Table) -> bool {
        use ObjectKind::*;
        let Some(key) = &table.partition_by else { return false };
        let swapped = self.dependents.objects.get(on).filter(|_| self.actions.get(on) == Some(&Action::Swap));
        let swapped = Swapped::of(swapped.copied().into_iter());
        let moved = swapped.losses(table);
        matches!(on.kind, Function | Operator | OperatorClass | OperatorFamily | Cast)
            || (!moved.is_empty() && Losses::of(&moved).named_in(key))
    }

    /// Makes way for the columns of a table that go over to a new type or collation.
    fn move_columns(&mut self, on: &ObjectKey, table: &'m Table, waiting: &mut Vec<ObjectKey>) {
        let swapped = Swapped::of(self.dependents.objects.get(on).copied().into_iter());
        let moved = swapped.losses(table);
        let key = table.object_key();
        if moved.is_empty() || !self.news.contains_key(&key) {
            return;
        }
        let positions = defaults::of_children(table, &|column| column.has_parent && swapped.moves(column));
        self.suspended.extend(positions.into_iter().map(|position| (key.clone(), position)));
        let generated = table.columns.iter().filter(|column| column.generated.is_some() && swapped.moves(column));
        self.make_way(&key, generated);
        self.let_columns_go(&key, table, &moved, waiting);
        self.park_rows_of(&key, waiting);
    }

    /// Makes way for columns of a table that get another type.
    fn let_columns_go(&mut self, key: &ObjectKey, table: &'m Table, moved: &[Loss], waiting: &mut Vec<ObjectKey>) {
        let columns = Losses::of(moved);
        let generated = table.columns.iter().filter(|column| column.generated.is_some());
        let from = generated.filter(|column| column.default.as_deref().is_some_and(|text| columns.named_in(text)));
        self.make_way(key, from);
        for dependent in self.dependents.of_columns(key, moved) {
            self.replace(dependent, key, waiting);
        }
    }

    /// Notes generated columns that are in the way.
    fn make_way<'c>(&mut self, table: &ObjectKey, columns: impl Iterator<Item = &'c Box<Column>>) {
        let known = &self.sides.forced.remade_columns;
        let remade = columns.map(|column| (table.clone(), column.name.clone()));
        self.remade.extend(remade.filter(|own| !known.contains(own)));
    }

    fn replace(&mut self, key: ObjectKey, on: &ObjectKey, waiting: &mut Vec<ObjectKey>) {
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
            Some(ObjectRef::Publication(publication)) => return self.suspend_members(publication, on),
            Some(ObjectRef::Constraint(constraint)) if constraint.inherited => return,
            // It stayed with the table that left, and hangs on the parent's next one.
            Some(ObjectRef::Index(index))
                if on.kind == ObjectKind::Index && self.is_detached(&index.schema, &index.table) =>
            {
                self.actions.entry(key).or_insert(Action::Alter);
                return;
            }
            _ => {}
        }
        self.actions.insert(key.clone(), Action::Replace);
        waiting.push(key);
    }

    /// Lets tables leave a publication that stays: those that are in the way, or that a row filter keeps there.
    fn suspend_members(&mut self, publication: &Publication, on: &ObjectKey) {
        let key = publication.object_key();
        let members = publication.tables.iter().map(|table| {
            (ObjectKey::in_schema(ObjectKind::Table, &table.schema, &table.name), table.row_filter.is_some())
        });
        let is_member = on.kind == ObjectKind::Table;
        let leave = members.filter(|(table, filtered)| if is_member { table == on } else { *filtered });
        self.suspended_members.extend(leave.map(|(table, _)| (key.clone(), table)));
        self.actions.entry(key).or_insert(Action::Alter);
    }

    /// Returns a publication as it is when those tables have left it.
    fn without_members(&self, publication: &Publication) -> Publication {
        let mut left = publication.clone();
        let key = publication.object_key();
        left.tables.retain(|table| {
            let member = ObjectKey::in_schema(ObjectKind::Table, &table.schema, &table.name);
            !self.suspended_members.contains(&(key.clone(), member))
        });
        left
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

    /// Returns all statements in an order that leaves no gaps.
    fn arranged(&self) -> Arranged {
        let mut statements = self.statements();
        note_units(&mut statements, &|key| self.is_made(key), &|key| self.remade_table(key));
        arrange(statements, |statements| {
            let touches = Touches::of(self.objects);
            touches.changes(statements, &|key| !self.is_made(key) && self.action(key) != Some(Action::Drop))
        })
    }

    /// Returns the table that an object is on, where that is dropped and made again.
    fn remade_table(&self, key: &ObjectKey) -> Option<ObjectKey> {
        let object = self.objects.states(key).last()?;
        object.render().parent().filter(|table| self.action(table) == Some(Action::Replace))
    }

    /// Returns whether an index stays, also behind a constraint, while its table leaves a parent and becomes a partition again.
    fn is_attached_again(&self, object: ObjectRef<'_>) -> bool {
        let (ObjectRef::Index(_) | ObjectRef::Constraint(_)) = object else { return false };
        let table = object.render().parent();
        self.stays(&object.object().key())
            && table.is_some_and(|table| matches!(&*table.names, [schema, name] if self.is_detached(schema, name)))
    }

    /// Returns whether the plan makes the object, be it for the first time or anew.
    fn is_made(&self, key: &ObjectKey) -> bool {
        matches!(self.action(key), Some(Action::Create | Action::Replace | Action::Swap))
    }

    fn statements(&self) -> Vec<Statement> {
        let mut out = Vec::new();
        // The old side names what moves with an extension as it is called by then.
        let moves = self.sides.new.plan.steps.iter().any(|step| self.moves(step.object));
        let is_first = |step: &DdlStep<'_>| moves && self.is_before_moves(step.object);
        self.creations(&|step| is_first(step), &mut out);
        self.let_go(&mut out);
        self.drops(false, &mut out);
        self.swap_aside(&mut out);
        self.clear(&mut out);
        self.creations(&|step| !is_first(step), &mut out);
        out.extend(self.overlapping().map(index::away));
        self.drops(true, &mut out);
        self.swap_away(&mut out);
        self.note_left_out(&mut out);
        out
    }

    fn swapped(&self) -> impl Iterator<Item = ObjectRef<'m>> {
        let steps = self.sides.old.plan.steps.iter().inspect(|_| check()).filter(|step| step.part == Part::Main);
        steps.map(|step| step.object).filter(|object| self.action(&object.object().key()) == Some(Action::Swap))
    }

    fn swap_aside(&self, out: &mut Vec<Statement>) {
        let swapped = Swapped::of(self.swapped());
        out.extend(self.swapped().flat_map(|object| swap::aside(object, &swapped)));
    }

    fn swap_away(&self, out: &mut Vec<Statement>) {
        let mut swapped: Vec<_> = self.swapped().collect();
        swapped.reverse();
        out.extend(swapped.into_iter().map(swap::away));
    }

    /// Returns whether the object is an extension that moves, with all that is made of its members.
    fn moves(&self, object: ObjectRef<'_>) -> bool {
        let ObjectRef::Extension(new) = object else { return false };
        let key = new.object_key();
        self.action(&key) == Some(Action::Alter)
            && matches!(self.dependents.objects.get(&key), Some(ObjectRef::Extension(old)) if moves(old, new))
    }

    /// Returns whether the object is an extension that moves, or may be needed for that.
    fn is_before_moves(&self, object: ObjectRef<'_>) -> bool {
        let is_needed = matches!(object, ObjectRef::Role(_) | ObjectRef::RoleMembership(_) | ObjectRef::Schema(_));
        self.moves(object) || (is_needed && self.action(&object.object().key()) == Some(Action::Create))
    }

    /// Makes and changes those objects of the new side that are wanted in restorable order.
    fn creations(&self, wanted: &dyn Fn(&DdlStep<'m>) -> bool, out: &mut Vec<Statement>) {
        let swapped = Swapped::of(self.swapped());
        let (mut bounds_are_due, mut attaches, mut freed) = (true, Vec::new(), Vec::new());
        for step in self.sides.new.plan.steps.iter().filter(|step| wanted(step)) {
            check();
            let key = step.object.object().key();
            let is_freed = !self.freed.is_empty() && self.freed.contains(&key);
            if self.action(&key).is_some() && !is_freed && needs_partitions(step.object, step.part) {
                out.append(&mut attaches);
            }
            // Types are there by then, and no parent has an index yet that a partition would get when it is attached.
            if bounds_are_due && matches!(step.object, ObjectRef::Table(_)) {
                self.change_bounds(out);
                bounds_are_due = false;
            }
            if step.part == Part::Attach && self.is_attached_again(step.object) {
                out.append(&mut attaches);
                create::statements(step, None, &|_| false, self.sides, out);
                continue;
            }
            match self.action(&key) {
                // The server makes what a parent has on each partition that it gets, unless it finds it there: first
                // come the partition's own indexes.
                Some(Action::Create | Action::Replace | Action::Swap)
                    if step.part == Part::Attach && matches!(step.object, ObjectRef::Table(_)) =>
                {
                    if let ObjectRef::Table(new) = step.object {
                        attaches.extend(table::attach(None, new, false, self.sides));
                    }
                }
                Some(Action::Create | Action::Replace | Action::Swap) => {
                    let old = self.dependents.objects.get(&key).copied();
                    let mut made = Vec::new();
                    create::statements(step, old, &|key| self.is_in_use(key), self.sides, &mut made);
                    made.iter_mut().for_each(|statement| statement.adds = true);
                    if is_freed {
                        freed.append(&mut made)
                    } else {
                        out.append(&mut made)
                    }
                    if let (ObjectRef::Table(new), Part::Main) = (step.object, step.part) {
                        self.continue_numbers(new, out);
                    }
                }
                Some(Action::Alter) => {
                    let Some(&old) = self.dependents.objects.get(&key) else { continue };
                    if let (ObjectRef::Table(old), ObjectRef::Table(new)) = (old, step.object) {
                        self.alter_table(&key, old, new, step.part, &swapped, out);
                        if step.part == Part::Attach {
                            let remade = self.parent_goes(old);
                            if table::detach_for_bounds(old, new, remade).is_none() {
                                attaches.extend(table::attach(Some(old), new, remade, self.sides));
                            }
                        }
                    } else if step.part == Part::Main {
                        // Privileges on columns come after what is taken on the whole.
                        let first = matches!(old, ObjectRef::View(_) | ObjectRef::MaterializedView(_));
                        if first {
                            shared::alter(old.render(), step.object.render(), self.sides, out);
                        }
                        match old {
                            ObjectRef::Domain(domain) => {
                                let left = self.without_suspended(&key, domain);
                                alter(ObjectRef::Domain(&left), step.object, self.sides, out);
                            }
                            ObjectRef::Publication(publication) => {
                                let left = self.without_members(publication);
                                alter(ObjectRef::Publication(&left), step.object, self.sides, out);
                            }
                            _ => alter(old, step.object, self.sides, out),
                        }
                        if !first {
                            shared::alter(old.render(), step.object.render(), self.sides, out);
                        }
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
        out.append(&mut freed);
    }

    /// Takes partitions off that get other bounds, and attaches them again: first all leave, because bounds may change places.
    fn change_bounds(&self, out: &mut Vec<Statement>) {
        let mut attaches = Vec::new();
        for step in self.sides.new.plan.steps.iter().filter(|step| step.part == Part::Attach) {
            check();
            let key = step.object.object().key();
            if let (ObjectRef::Table(new), Some(ObjectRef::Table(old))) =
                (step.object, self.dependents.objects.get(&key))
                && self.action(&key) == Some(Action::Alter)
                && let Some(detach) = table::detach_for_bounds(old, new, self.parent_goes(old))
            {
                out.push(detach);
                attaches.extend(table::attach(Some(old), new, false, self.sides));
            }
        }
        out.append(&mut attaches);
    }

    /// Lets the identity columns of a table that is made anew go on with their numbers.
    fn continue_numbers(&self, table: &Table, out: &mut Vec<Statement>) {
        if self.action(&table.object_key()) != Some(Action::Replace) {
            return;
        }
        for new in self.sides.new.sequences_of(table).iter().filter(|sequence| sequence.identity) {
            let old = self.sides.old.sequence(&new.schema, &new.name);
            if old.is_some_and(|old| old.identity && self.keeps_number(old)) {
                let name = qualified(&new.schema, &new.name);
                sequence::continue_from(&new.object_key(), &name, &sequence::former(new), out);
            }
        }
    }

    /// Returns whether an identity column's sequence goes for a while with a table whose rows stay.
    fn keeps_number(&self, sequence: &Sequence) -> bool {
        sequence.identity
            && sequence.owned_by.as_ref().is_some_and(|owned| {
                let key = ObjectKey::in_schema(ObjectKind::Table, &owned.schema, &owned.table);
                let table = self.sides.old.table(&owned.schema, &owned.table);
                self.action(&key) == Some(Action::Replace) && table.is_some_and(|table| table.partition_by.is_some())
            })
    }

    /// Returns a domain as it is when it has let go of what is in the way: what it is to have still is told again.
    fn without_suspended(&self, key: &ObjectKey, domain: &Domain) -> Domain {
        let mut left = domain.clone();
        if self.suspended.contains(&(key.clone(), 0)) {
            left.default = None;
        }
        let mut position = 0..;
        left.checks.retain(|_| !position.next().is_some_and(|at| self.suspended_checks.contains(&(key.clone(), at))));
        left
    }

    /// Appends what gives a partition without a parent the checks that the parent it is to have asks for, and takes those of the
    /// former one.
    fn checks_of_parents(&self, table: &ObjectKey, out: &mut Vec<Statement>) {
        let of = |model: &'m Model| {
            let all = model.constraints.iter().inspect(|_| check());
            let own = all.filter(|own| own.kind == ConstraintKind::Check && own.inherited && own.table_key() == *table);
            own.collect::<Vec<_>>()
        };
        let (before, after) = (of(self.sides.old.model), of(self.sides.new.model));
        let has = |list: &[&Constraint], own: &Constraint| {
            let same = |other: &&Constraint| other.name == own.name && other.expression == own.expression;
            list.iter().any(same)
        };
        for own in before.iter().filter(|own| !has(&after, own)) {
            let own = Constraint { inherited: false, ..(**own).clone() };
            out.extend(crate::plan::constraint::drop(&own, true).map(Statement::of_all_columns));
        }
        for own in after.iter().filter(|own| !has(&before, own)) {
            let own = Constraint { inherited: false, ..(**own).clone() };
            let made = crate::plan::print::printed(&own, self.sides).into_iter().next();
            let add = made.map(|sql| Statement::new(&own.table_key(), sql).lock(LockLevel::AccessExclusive));
            out.extend(
                add.map(|add| add.hazard(Hazard::FullTableScan).hazard(Hazard::MayFailOnData).slow().of_all_columns()),
            );
        }
    }

    fn alter_table(
        &self,
        key: &ObjectKey,
        old: &Table,
        new: &Table,
        part: Part,
        swapped: &Swapped,
        out: &mut Vec<Statement>,
    ) {
        // What its parent gets does not reach a partition that has left.
        let alone = self.is_detached(&old.schema, &old.name);
        let [old, new] = [old, new].map(|table| table::as_own(table, alone));
        let (old, new) = (&*old, &*new);
        let [free_old, free_new] = [old, new].map(|table| self.without_type(old, new, table));
        let (typed_old, typed_new, old, new) = (old, new, &*free_old, &*free_new);
        let (old_ref, new_ref) = (ObjectRef::Table(old), ObjectRef::Table(new));
        // A partition changes where it is attached, after its parent.
        let place = if new.partition_of.is_some() { Part::Attach } else { Part::Main };
        let suspended = |position| self.suspended.contains(&(key.clone(), position));
        if part == place {
            let before = out.len();
            swap::columns(old, new, swapped, self.sides, &suspended, out);
            if out.len() > before {
                let types: Vec<&ObjectKey> =
                    swapped.keys.iter().filter(|own| self.dependents.depend(key, own)).collect();
                for statement in &mut out[before..] {
                    statement.units.extend(types.iter().map(|own| (*own).clone()));
                }
            }
            if alone {
                self.checks_of_parents(key, out);
            }
        }
        match part {
            Part::Main => {
                shared::alter(old, new, self.sides, out);
                alter(old_ref, new_ref, self.sides, out);
            }
            part => alter_part(old_ref, new_ref, part, self.sides, out),
        }
        if part == place {
            self.without_defaults_of_parents(old, new, swapped, out);
            self.unpark(old, new, out);
            out.extend(self.typed_again(typed_old, typed_new));
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
            let again = create::default_again(new, &old.columns[position], part, self.sides);
            out.extend(again.map(|statement| column_facts::with_default(statement, &old.columns[position].name)));
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
        // It is filled with their rows.
        (ObjectRef::MaterializedView(_), Part::Main) => true,
        _ => false,
    }
}
