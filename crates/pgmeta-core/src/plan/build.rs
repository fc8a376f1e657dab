//! The plan itself: the objects that must be recreated, and the order of the statements: (1) drops of objects that
//! conflict with new ones, (2) creations and changes in restorable order, (3) drops of objects that others depended on
//! until then.

mod copies;
mod creations;
mod defaults;
mod disturb;
mod drops;
mod in_place;
mod numbers;
mod online;
mod saved_rows;
mod typed_tables;
mod unique_guards;

use std::cell::OnceCell;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::{Context, Part, Step as DdlStep, plan_with};
use crate::diff::{Change, ChangeKind, Rename, diff, moves};
use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{Column, Model, ObjectKey, ObjectKind, ObjectRef};
use crate::plan::alter::{Forced, Sides, Strategy, column_changes, strategy};
use crate::plan::build::copies::Copies;
use crate::plan::dependents::{Dependents, Objects};
use crate::plan::merge::{gather, merge};
use crate::plan::options::Options;
use crate::plan::recreate_type::RecreatedTypes;
use crate::plan::refusal::PlanError;
use crate::plan::step::{Run, Statement, Step, Timeouts, numbered};
use crate::plan::touches::Touches;
use crate::plan::transactions::{Arranged, arrange, note_gaps, note_guards, note_units};
use crate::plan::{column_facts, graph, index, locks, recreate_type, rename, sizes, table, unplanned};

/// What a plan does with an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    Create,
    Drop,
    Alter,
    Replace,
    RecreateType,
}

/// Plans the changes from one model to another. The renames are applied to the old model already; their statements come first.
pub fn plan(old: &Model, new: &Model, renames: &[Rename], options: &Options) -> Result<Vec<Step>, PlanError> {
    options.check_using(new)?;
    let changes = diff(old, new);
    let timeouts = Timeouts {
        lock_ms: options.lock_timeout,
        statement_ms: options.statement_timeout,
        slow_statement_ms: options.slow_statement_timeout,
    };
    let mut statements: Vec<Statement> = renames.iter().map(|rename| rename::statement(rename, old)).collect();
    if changes.is_empty() {
        return Ok(numbered(statements, timeouts));
    }
    let arranged = with_sides((old, new), &changes, options, |sides, objects, changes| {
        let mut arranged = arranged(changes, sides, objects)?;
        unplanned::note(changes, objects, options, &mut arranged);
        locks::note(&mut arranged, (old, new), objects);
        Ok::<_, PlanError>(arranged)
    })?;
    statements.extend(with_unchecked_bodies(merge(arranged)));
    sizes::note(&mut statements, old);
    let mut steps = numbered(statements, timeouts);
    note_gaps(&mut steps);
    Ok(steps)
}

/// Returns the statements in an order that leaves no gap between transactions. Objects that must be dropped, and changes that need
/// one transaction, can require the same of others: both are repeated until nothing new is found.
fn arranged<'m>(
    changes: &[Change<'m>],
    sides: &mut Sides<'m>,
    objects: &Objects<'m>,
) -> Result<Vec<Statement>, PlanError> {
    const TURNS: usize = 20;
    for turn in 1.. {
        let mut builder = Builder::new(sides, objects);
        builder.decide(changes);
        builder.find_copy_targets();
        builder.check()?;
        builder.check_copies()?;
        if !builder.added_columns.is_empty() && turn < TURNS {
            let added_columns = builder.added_columns;
            sides.forced.recreated_columns.extend(added_columns);
            continue;
        }
        builder.find_deferred_drops();
        let touches = OnceCell::new();
        let changes =
            |statements: &[Statement]| builder.changes(touches.get_or_init(|| Touches::of(objects)), statements);
        let Arranged { statements, torn } = arrange(builder.statements_in_units(), changes);
        let is_known = torn.is_subset(&sides.forced.in_one_transaction);
        if is_known || turn == TURNS {
            return Ok(gather(statements, &changes));
        }
        sides.forced.in_one_transaction.extend(torn);
    }
    Ok(Vec::new())
}

/// Returns which of the objects that differ cannot be altered: a plan recreates them.
pub fn replaced(old: &Model, new: &Model, changes: &[Change<'_>], options: &Options) -> FxHashSet<ObjectKey> {
    if !changes.iter().any(|change| change.kind == ChangeKind::Alter) {
        return FxHashSet::default();
    }
    with_sides((old, new), changes, options, |sides, objects, changes| {
        let mut builder = Builder::new(sides, objects);
        builder.decide(changes);
        let differs = changes.iter().filter(|change| change.kind == ChangeKind::Alter).map(|change| change.key.clone());
        differs.filter(|key| matches!(builder.action(key), Some(Action::Replace | Action::RecreateType))).collect()
    })
}

/// Builds the contexts of both models and an index of their objects, and calls `run` with them.
fn with_sides<T>(
    (old, new): (&Model, &Model),
    changes: &[Change<'_>],
    options: &Options,
    run: impl for<'s> FnOnce(&mut Sides<'s>, &Objects<'s>, &[Change<'s>]) -> T,
) -> T {
    // CREATE TABLE does not contain the new checks of existing tables: each needs a statement of its own.
    let existing: FxHashSet<ObjectKey> = old.tables.iter().map(|table| table.object_key()).collect();
    let checks =
        new.constraints.iter().filter(|check| check.is_inline_check() && existing.contains(&check.table_key()));
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
    /// Defaults, by table and position in the old model, that must be dropped before an object that they need is recreated.
    suspended: FxHashSet<(ObjectKey, usize)>,
    /// Tables, by publication and key, that are removed from a publication for a time.
    suspended_members: FxHashSet<(ObjectKey, ObjectKey)>,
    /// Checks of domains, by domain and position, that must be dropped likewise.
    suspended_checks: FxHashSet<(ObjectKey, usize)>,
    /// Columns, by table and name, that hold rows of changing tables, with the keys of these tables.
    saved_rows: FxHashMap<(ObjectKey, Name), Vec<ObjectKey>>,
    /// Tables that get copied rows.
    copy_targets: FxHashSet<ObjectKey>,
    /// Dropped partitions whose rows are copied, with the tables that get these rows.
    emptied: FxHashMap<ObjectKey, ObjectKey>,
    /// Generated columns that this pass adds to the recreated ones.
    added_columns: FxHashSet<(ObjectKey, Name)>,
    /// Foreign keys to moved partitions, and indexes that the server could attach by mistake: created after the partitions are attached.
    created_after_attach: FxHashSet<ObjectKey>,
    /// Objects that stay only because the option `drops` is false.
    left_out: FxHashSet<ObjectKey>,
    /// Objects that are dropped at the end.
    deferred: FxHashSet<ObjectKey>,
    /// Positions of the dropped objects in the restorable order of the old model.
    position: FxHashMap<ObjectKey, usize>,
    /// Indexes that are recreated only because they differ: the old one may stay until the new one is built.
    overlapping: FxHashSet<ObjectKey>,
    /// Triggers and indexes that must be recreated because another object changes.
    disturbed: FxHashSet<ObjectKey>,
    /// Constraints that get the existing unique index of their name.
    adopted: FxHashSet<ObjectKey>,
    /// Whether all columns of a table stay as they are, by schema and name, as far as it was computed.
    are_columns_unchanged: FxHashMap<(&'m str, &'m str), bool>,
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
            saved_rows: FxHashMap::default(),
            copy_targets: FxHashSet::default(),
            emptied: FxHashMap::default(),
            added_columns: FxHashSet::default(),
            created_after_attach: FxHashSet::default(),
            left_out: FxHashSet::default(),
            deferred: FxHashSet::default(),
            position: FxHashMap::default(),
            overlapping: FxHashSet::default(),
            disturbed: FxHashSet::default(),
            adopted: FxHashSet::default(),
            are_columns_unchanged: FxHashMap::default(),
        }
    }

    /// Decides the action for each object that differs, and for the objects that depend on it.
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
                (ChangeKind::Alter, Some(old), Some(new)) => match strategy(old, new, self.sides) {
                    Strategy::Alter => Action::Alter,
                    Strategy::Replace => Action::Replace,
                    Strategy::RecreateType => Action::RecreateType,
                },
                (ChangeKind::Alter, ..) => continue,
            };
            self.actions.insert(change.key.clone(), action);
            own.push((change, action));
        }
        let mut altered: Vec<ObjectKey> =
            self.sides.forced.recreated_columns.iter().map(|(table, _)| table.clone()).collect();
        altered.sort();
        altered.dedup();
        for table in &altered {
            self.actions.entry(table.clone()).or_insert(Action::Alter);
        }
        // Only after all actions are known: the effect of one change on another object overrides that object's own action.
        for (change, action) in own {
            check();
            match (action, change.old, change.new) {
                (Action::Alter, ..) => altered.push(change.key.clone()),
                (Action::Replace | Action::RecreateType, old, new) => {
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
        self.adopt_indexes();
        self.drop_foreign_keys_to_partitions(changes, &mut waiting);
        self.drop_equal_indexes(changes, &mut waiting);
        self.release_dropped(changes, &mut waiting);
        for key in altered {
            let (Some(&old), Some(&new)) = (self.dependents.objects.get(&key), self.news.get(&key)) else { continue };
            let column_changes = column_changes(old, new, self.sides);
            if !column_changes.is_empty() {
                for dependent in self.dependents.of_columns(&key, &column_changes) {
                    self.replace(dependent, &key, &mut waiting);
                }
            }
            if let (ObjectRef::Table(old), ObjectRef::Table(new)) = (old, new) {
                let retyped = |column: &Column| {
                    let is = self.sides.new.column(new, &column.name);
                    is.is_some_and(|is| {
                        let gets_type =
                            column_facts::retyped(column, is) && column_facts::comes_with_parent(column, is);
                        // The parent's default also replaces those of the children. A child with another default gets its own statement.
                        let is_dropped_by_cascade = column_facts::sets_default(column, is)
                            && defaults::parent_has_default(self.sides.old, old, column);
                        gets_type && !is_dropped_by_cascade
                    })
                };
                let positions = defaults::of_children(old, &retyped);
                self.suspended.extend(positions.into_iter().map(|position| (key.clone(), position)));
            }
            if let (ObjectRef::Table(old), ObjectRef::Table(new)) = (old, new)
                && table::rewrites_rows(old, new, self.sides)
            {
                self.save_rows_of(&key, &mut waiting);
            }
        }
        while let Some(key) = waiting.pop() {
            if self.is_recreated_table(&key) {
                self.save_rows_of(&key, &mut waiting);
            }
            for (dependent, link) in self.dependents.on(&key).to_vec() {
                check();
                self.disturb(&key, dependent, link, &mut waiting);
            }
        }
        self.follow_partitions();
        self.replace_triggers_in_place();
        self.drop_disturbed_indexes();
    }

    fn action(&self, key: &ObjectKey) -> Option<Action> {
        self.actions.get(key).copied()
    }

    /// Returns whether the object is dropped, for good or to be created again.
    fn is_dropped(&self, key: &ObjectKey) -> bool {
        matches!(self.action(key), Some(Action::Drop | Action::Replace))
    }

    /// Returns whether the object exists before, during and after the plan.
    fn is_kept(&self, key: &ObjectKey) -> bool {
        matches!(self.action(key), None | Some(Action::Alter)) && self.dependents.objects.contains_key(key)
    }

    /// Returns all statements, with their units: the statements that must be committed together.
    fn statements_in_units(&self) -> Vec<Statement> {
        let mut statements = self.statements();
        note_units(&mut statements, &|key| self.is_created(key), &|key| self.recreated_table(key), &|key| {
            self.replaced_unique_index(key)
        });
        note_guards(&mut statements, &self.units_of_guards());
        statements
    }

    /// Returns what each statement changes and needs.
    fn changes(&self, touches: &Touches<'_, 'm>, statements: &[Statement]) -> Vec<graph::Change> {
        touches.changes(statements, &|key| !self.is_created(key) && self.action(key) != Some(Action::Drop))
    }

    /// Returns the table that is recreated together with an object: its own table, or one above that whose rows are copied.
    fn recreated_table(&self, key: &ObjectKey) -> Option<ObjectKey> {
        let object = self.objects.states(key).last()?;
        let table = if matches!(object, ObjectRef::Table(_)) { key.clone() } else { object.parent()? };
        if self.is_recreated_table(&table) {
            return Some(table);
        }
        match self.news.get(&table) {
            Some(ObjectRef::Table(new)) if self.is_created(&table) => self.copy_target_above(new),
            _ => None,
        }
    }

    /// Returns whether an index or a constraint with an index stays while its table is detached and attached again.
    fn is_attached_again(&self, object: ObjectRef<'_>) -> bool {
        let (ObjectRef::Index(_) | ObjectRef::Constraint(_)) = object else { return false };
        let table = object.parent();
        self.is_kept(&object.object().key())
            && table.is_some_and(|table| matches!(&*table.names, [schema, name] if self.is_detached(schema, name)))
    }

    /// Returns whether the plan creates the object, for the first time or again.
    fn is_created(&self, key: &ObjectKey) -> bool {
        matches!(self.action(key), Some(Action::Create | Action::Replace | Action::RecreateType))
    }

    fn statements(&self) -> Vec<Statement> {
        let mut out = Vec::new();
        // The old model has the names after the move, so extensions are moved first.
        let moves = self.sides.new.plan.steps.iter().any(|step| self.moves(step.object));
        let is_first = |step: &DdlStep<'_>| moves && self.is_before_moves(step.object);
        self.creations(&|step| is_first(step), Copies::default(), &mut out);
        self.detach_dependents(&mut out);
        self.drops(false, &mut out);
        self.rename_old_tables(&mut out);
        self.rename_old_types(&mut out);
        self.drop_invalid_indexes(&mut out);
        let copies = self.copies(&RecreatedTypes::of(self.recreated_types()));
        self.creations(&|step| !is_first(step), copies, &mut out);
        self.drop_old_tables(&mut out);
        out.extend(self.overlapping().map(index::drop_old_index));
        self.drops(true, &mut out);
        self.drop_old_types(&mut out);
        self.report_kept(&mut out);
        out
    }

    /// Iterates over the types and collations that are recreated while the old ones exist under other names.
    fn recreated_types(&self) -> impl Iterator<Item = ObjectRef<'m>> {
        let steps = self.sides.old.plan.steps.iter().inspect(|_| check()).filter(|step| step.part == Part::Main);
        let types = steps.map(|step| step.object).filter(|object| !matches!(object, ObjectRef::Table(_)));
        types.filter(|object| self.action(&object.object().key()) == Some(Action::RecreateType))
    }

    fn rename_old_types(&self, out: &mut Vec<Statement>) {
        let recreated_types = RecreatedTypes::of(self.recreated_types());
        out.extend(self.recreated_types().flat_map(|object| recreate_type::rename_old_type(object, &recreated_types)));
    }

    fn drop_old_types(&self, out: &mut Vec<Statement>) {
        let mut recreated_types: Vec<_> = self.recreated_types().collect();
        recreated_types.reverse();
        out.extend(recreated_types.into_iter().map(recreate_type::drop_old_type));
    }

    /// Returns whether the object is an extension that moves together with its members.
    fn moves(&self, object: ObjectRef<'_>) -> bool {
        let ObjectRef::Extension(new) = object else { return false };
        let key = new.object_key();
        self.action(&key) == Some(Action::Alter)
            && matches!(self.dependents.objects.get(&key), Some(ObjectRef::Extension(old)) if moves(old, new))
    }

    /// Returns whether the object is an extension that moves, or a new object that a move may need.
    fn is_before_moves(&self, object: ObjectRef<'_>) -> bool {
        let is_needed = matches!(object, ObjectRef::Role(_) | ObjectRef::RoleMembership(_) | ObjectRef::Schema(_));
        self.moves(object) || (is_needed && self.action(&object.object().key()) == Some(Action::Create))
    }
}

/// Turns off `check_function_bodies` in each transaction that creates a function: its body may use objects that are created later.
fn with_unchecked_bodies(statements: Vec<Statement>) -> Vec<Statement> {
    let creates_function = |statement: &Statement| {
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
        } else if creates_function(&statement) && !unchecked {
            out.push(Statement::new(&statement.key, "SET LOCAL check_function_bodies = off"));
            unchecked = true;
        }
        out.push(statement);
    }
    out
}
