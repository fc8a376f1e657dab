//! The objects of the new model in restorable order: each is created, or altered from its old state. Decides nothing.

use crate::ddl::{Part, Printable, Step as DdlStep};
use crate::interrupt::check;
use crate::model::{Constraint, ConstraintKind, Domain, Model, ObjectKey, ObjectRef, Table};
use crate::plan::alter::{alter, alter_part};
use crate::plan::build::copies::Copies;
use crate::plan::build::{Action, Builder};
use crate::plan::recreate_type::RecreatedTypes;
use crate::plan::step::{Hazard, LockLevel, Statement};
use crate::plan::{column_facts, constraint, create, recreate_type, sequence, shared, table};

impl<'m> Builder<'_, 'm> {
    /// Appends statements that create and alter the wanted objects in restorable order, and copies rows as early as possible.
    pub(super) fn creations(
        &self,
        wanted: &dyn Fn(&DdlStep<'m>) -> bool,
        mut copies: Copies,
        out: &mut Vec<Statement>,
    ) {
        let recreated_types = RecreatedTypes::of(self.recreated_types());
        let (mut bounds_are_due, mut attaches, mut created_last) = (true, Vec::new(), Vec::new());
        for (at, step) in self.sides.new.plan.steps.iter().enumerate().filter(|(_, step)| wanted(step)) {
            check();
            let key = step.object.object().key();
            let waits_for_attach = !self.created_after_attach.is_empty() && self.created_after_attach.contains(&key);
            if self.action(&key).is_some() && !waits_for_attach && needs_partitions(step.object, step.part) {
                self.append_attaches(&mut attaches, &mut copies, at, out);
            }
            // Types exist now, and no parent has an index yet that the server would create on an attached partition.
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
                // The server creates the parent's indexes on an attached partition unless the partition has equal ones: these come first.
                Some(Action::Create | Action::Replace | Action::RecreateType)
                    if step.part == Part::Attach && matches!(step.object, ObjectRef::Table(_)) =>
                {
                    if let ObjectRef::Table(new) = step.object {
                        // A recreated table gets its rows before it is attached.
                        let old = match self.dependents.objects.get(&key) {
                            Some(ObjectRef::Table(old)) => Some(*old),
                            _ => None,
                        };
                        attaches.extend(self.attach(old, new, true));
                    }
                }
                Some(Action::Create | Action::Replace | Action::RecreateType) => {
                    let old = self.dependents.objects.get(&key).copied();
                    let mut created = Vec::new();
                    if let ObjectRef::Constraint(own) = step.object
                        && self.adopted.contains(&key)
                    {
                        created = constraint::adopt_index(own, self.sides);
                    } else {
                        create::statements(step, old, &|key| self.is_in_use(key), self.sides, &mut created);
                    }
                    created.iter_mut().for_each(|statement| statement.adds = true);
                    if let (ObjectRef::Sequence(new), Part::OwnedBy) = (step.object, step.part) {
                        created.extend(self.number_of_new(new));
                    }
                    if waits_for_attach {
                        created_last.append(&mut created)
                    } else {
                        out.append(&mut created)
                    }
                    if let (ObjectRef::Table(new), Part::Main) = (step.object, step.part) {
                        self.continue_numbers(new, out);
                        copies.append_to(&key, out);
                    }
                }
                Some(Action::Alter) => {
                    let Some(&old) = self.dependents.objects.get(&key) else { continue };
                    if let (ObjectRef::Table(old), ObjectRef::Table(new)) = (old, step.object) {
                        self.alter_table(&key, old, new, step.part, &recreated_types, out);
                        if step.part == Part::Attach {
                            let remade = self.is_parent_dropped(old);
                            if table::detach_for_bounds(old, new, remade).is_none() {
                                attaches.extend(self.attach(Some(old), new, remade));
                            }
                        }
                    } else if step.part == Part::Main {
                        // REVOKE on a view also revokes the privileges on its columns: privileges on columns come later.
                        let first = matches!(old, ObjectRef::View(_) | ObjectRef::MaterializedView(_));
                        if first {
                            shared::alter(old.render(), step.object.render(), self.sides, out);
                        }
                        if let ObjectRef::Domain(domain) = old {
                            let remaining = self.without_suspended(&key, domain);
                            alter(ObjectRef::Domain(&remaining), step.object, self.sides, out);
                        } else if let ObjectRef::Publication(publication) = old {
                            let remaining = self.without_members(publication);
                            alter(ObjectRef::Publication(&remaining), step.object, self.sides, out);
                        } else {
                            alter(old, step.object, self.sides, out);
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
                && self.is_owner_dropped(old)
                && old.owned_by == new.owned_by
            {
                out.extend(sequence::owned(new));
            }
        }
        self.append_attaches(&mut attaches, &mut copies, usize::MAX, out);
        copies.append_all(out);
        out.append(&mut attaches);
        out.append(&mut created_last);
    }

    /// Attaches new partitions to tables that get copied rows, then copies the rows, then attaches the other partitions. Existing
    /// tables have triggers, and an existing parent passes its triggers to partitions: the copies must not fire them.
    fn append_attaches(
        &self,
        attaches: &mut Vec<Statement>,
        copies: &mut Copies,
        step: usize,
        out: &mut Vec<Statement>,
    ) {
        let copy_target = |statement: &Statement| match self.news.get(&statement.key) {
            Some(ObjectRef::Table(new)) => self.copy_target_above(new),
            _ => None,
        };
        let is_early = |statement: &Statement| self.is_created(&statement.key) && copy_target(statement).is_some();
        let (early, rest): (Vec<_>, Vec<_>) = std::mem::take(attaches).into_iter().partition(is_early);
        out.extend(early);
        copies.append_before(step, out);
        let waits = |statement: &Statement| {
            copies.are_pending(&statement.key)
                || copy_target(statement).is_some_and(|copy_target| copies.are_pending(&copy_target))
        };
        let (waiting, rest): (Vec<_>, Vec<_>) = rest.into_iter().partition(waits);
        out.extend(rest);
        *attaches = waiting;
    }

    /// Returns the statement that attaches a partition, after its own indexes: the server would create those that its parent has.
    fn attach(&self, old: Option<&Table>, new: &Table, remade: bool) -> Option<Statement> {
        let mut attach = table::attach(old, new, remade, self.sides)?;
        attach.needs.extend_from_slice(self.sides.new.attached_indexes(new));
        Some(attach)
    }

    /// Detaches the partitions whose bounds change, and attaches them again. All are detached first: two may exchange their bounds.
    pub(super) fn change_bounds(&self, out: &mut Vec<Statement>) {
        let mut attaches = Vec::new();
        for step in self.sides.new.plan.steps.iter().filter(|step| step.part == Part::Attach) {
            check();
            let key = step.object.object().key();
            if let (ObjectRef::Table(new), Some(ObjectRef::Table(old))) =
                (step.object, self.dependents.objects.get(&key))
                && self.action(&key) == Some(Action::Alter)
                && let Some(detach) = table::detach_for_bounds(old, new, self.is_parent_dropped(old))
            {
                out.push(detach);
                attaches.extend(table::attach(Some(old), new, false, self.sides));
            }
        }
        out.append(&mut attaches);
    }

    /// Returns a domain without its suspended default and checks: those that the new state has as well are then added again.
    pub(super) fn without_suspended(&self, key: &ObjectKey, domain: &Domain) -> Domain {
        let mut remaining = domain.clone();
        if self.suspended.contains(&(key.clone(), 0)) {
            remaining.default = None;
        }
        let mut position = 0..;
        remaining
            .checks
            .retain(|_| !position.next().is_some_and(|at| self.suspended_checks.contains(&(key.clone(), at))));
        remaining
    }

    /// Drops the inherited checks of a detached partition that its next parent does not have, and adds those that it has.
    pub(super) fn checks_of_parents(&self, table: &ObjectKey, out: &mut Vec<Statement>) {
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
            let created = crate::plan::print::render_all(&own, self.sides).into_iter().next();
            let add = created.map(|sql| Statement::new(&own.table_key(), sql).lock(LockLevel::AccessExclusive));
            out.extend(
                add.map(|add| add.hazard(Hazard::FullTableScan).hazard(Hazard::MayFailOnData).slow().of_all_columns()),
            );
        }
    }

    pub(super) fn alter_table(
        &self,
        key: &ObjectKey,
        old: &Table,
        new: &Table,
        part: Part,
        recreated_types: &RecreatedTypes,
        out: &mut Vec<Statement>,
    ) {
        // ALTER TABLE on a parent does not reach a detached partition.
        let alone = self.is_detached(&old.schema, &old.name);
        let old = &*self.without_copied_parents(old);
        let [old, new] = [old, new].map(|table| table::as_standalone(table, alone));
        let (old, new) = (&*old, &*new);
        let [free_old, free_new] = [old, new].map(|table| self.without_type(old, new, table));
        let (typed_old, typed_new, old, new) = (old, new, &*free_old, &*free_new);
        let (old_ref, new_ref) = (ObjectRef::Table(old), ObjectRef::Table(new));
        // A partition is altered when it is attached, after its parent.
        let place = if new.partition_of.is_some() { Part::Attach } else { Part::Main };
        let suspended = |position| self.suspended.contains(&(key.clone(), position));
        if part == place {
            let before = out.len();
            recreate_type::columns(old, new, recreated_types, self.sides, &suspended, out);
            if out.len() > before {
                let types: Vec<&ObjectKey> =
                    recreated_types.keys.iter().filter(|own| self.dependents.depend(key, own)).collect();
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
            self.without_defaults_of_parents(old, new, recreated_types, out);
            self.restore_from_json(old, new, out);
            out.extend(self.restore_type_of(typed_old, typed_new));
        }
        // A default with a step of its own is restored in that step.
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
            let again = create::restore_default(new, &old.columns[position], part, self.sides);
            out.extend(again.map(|statement| column_facts::with_default(statement, &old.columns[position].name)));
        }
    }
}

/// Returns whether a step of the new model requires that the partitions of its table are attached.
fn needs_partitions(object: ObjectRef<'_>, part: Part) -> bool {
    match (object, part) {
        (ObjectRef::Constraint(constraint), Part::Main) => {
            // The server attaches no index of an exclusion constraint: it creates one on each existing partition.
            let created_on_each = constraint.kind == ConstraintKind::Exclusion && constraint.on_partitioned;
            constraint.foreign_key.is_some() || constraint.kind == ConstraintKind::Check || created_on_each
        }
        (ObjectRef::Index(_), Part::Main) => false,
        (ObjectRef::Constraint(_) | ObjectRef::Index(_), _) => true,
        (ObjectRef::Trigger(_) | ObjectRef::Policy(_) | ObjectRef::Publication(_), _) => true,
        // The server fills it with the rows of the partitions.
        (ObjectRef::MaterializedView(_), Part::Main) => true,
        _ => false,
    }
}
