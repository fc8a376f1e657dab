//! Decides what a plan drops, and when: before or after the creations; by a statement of its own, or with its parent.
//! Prints no SQL.

use std::cmp::Reverse;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::Part;
use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::{Domain, ObjectKey, ObjectKind, ObjectRef, RelationName, Sequence, Structure, Table};
use crate::plan::build::{Action, Builder};
use crate::plan::dependents::defines_domain;
use crate::plan::step::{Hazard, Statement};
use crate::plan::{column, column_facts, drop, global, index, sequence, table};

impl Builder<'_, '_> {
    /// Finds the drops that must wait because an object that stays needs the dropped object at first.
    pub(super) fn find_deferred_drops(&mut self) {
        let dropped: Vec<ObjectKey> =
            self.actions.iter().filter(|(_, action)| **action == Action::Drop).map(|(key, _)| key.clone()).collect();
        let mut waiting = self.indexes_with_successors();
        for key in &dropped {
            check();
            let kept = matches!(key.kind, ObjectKind::Extension | ObjectKind::Language) || self.is_emptied(key);
            let mut dependents = self.dependents.on(key).iter();
            let needed = dependents.any(|(dependent, _)| self.is_kept(dependent) || self.is_dropped_last(dependent));
            if kept || needed {
                waiting.push(key.clone());
            }
        }
        // An object that a deferred drop needs cannot be dropped before it.
        let mut needs: FxHashMap<&ObjectKey, Vec<&ObjectKey>> = FxHashMap::default();
        for key in &dropped {
            check();
            for (dependent, _) in self.dependents.on(key) {
                needs.entry(dependent).or_default().push(key);
            }
        }
        let mut deferred = FxHashSet::default();
        while let Some(key) = waiting.pop() {
            if deferred.insert(key.clone())
                && let Some(needed) = needs.get(&key)
            {
                waiting.extend(needed.iter().map(|key| (*key).clone()));
            }
        }
        self.deferred = deferred;
        if !self.actions.values().any(|action| matches!(action, Action::Drop | Action::Replace)) {
            return;
        }
        let steps = self.sides.old.plan.steps.iter().filter(|step| step.part == Part::Main);
        let keys = steps.inspect(|_| check()).map(|step| step.object.object().key()).enumerate();
        self.position = keys.filter(|(_, key)| self.is_dropped(key)).map(|(at, key)| (key, at)).collect();
    }

    /// Detaches partitions, sequences, defaults, and members of publications and domains from dropped or recreated objects.
    pub(super) fn detach_dependents(&self, out: &mut Vec<Statement>) {
        // The server detaches no partition while rows elsewhere refer to its rows.
        let keys = self.sides.old.model.constraints.iter().inspect(|_| check());
        let dropped_keys = keys.filter(|own| self.is_dropped_foreign_key(&own.object_key()));
        out.extend(dropped_keys.filter_map(|own| crate::plan::constraint::drop(own, false)));
        for step in self.sides.old.plan.steps.iter().rev().filter(|step| step.part == Part::Main) {
            check();
            let key = step.object.object().key();
            match (step.object, self.news.get(&key)) {
                (ObjectRef::Table(old), Some(ObjectRef::Table(new))) => {
                    if let Some(detach) = table::detach(old, new, self.leaves_its_parent(old)) {
                        out.push(detach);
                        out.extend(self.drop_inherited_foreign_keys(old, new));
                    }
                    out.extend(self.drop_type_of(old, new));
                    self.detach_renamed_parents(old, out);
                }
                (ObjectRef::Sequence(old), Some(ObjectRef::Sequence(new))) => {
                    sequence::release(old, new, self.is_owner_dropped(old), out);
                    self.save_sequence_value(old, new, out);
                }
                _ => {}
            }
            if let ObjectRef::Publication(publication) = step.object
                && self.action(&key) == Some(Action::Alter)
            {
                let remaining = self.without_members(publication);
                global::drop_members(publication, &remaining, out);
            }
            if let ObjectRef::Domain(domain) = step.object {
                match self.action(&key) {
                    Some(Action::Alter) => detach_from_domain(domain, &self.without_suspended(&key, domain), out),
                    Some(Action::RecreateType) => detach_from_domain(domain, &standalone(domain), out),
                    _ => {}
                }
            }
            if let ObjectRef::Table(table) = step.object {
                let (is_kept, is_dropped) = (self.news.contains_key(&key), self.is_dropped(&key));
                for (position, column) in table.columns.iter().enumerate() {
                    let suspended = is_kept && self.suspended.contains(&(key.clone(), position));
                    if suspended || (is_dropped && self.is_blocked_by_default(&key, &column.default_depends_on)) {
                        out.push(column_facts::with_default(drop::default(table, column), &column.name));
                    }
                }
            }
        }
    }

    /// Drops generated columns for a change: after their dependents, and before the objects that they use.
    fn drop_generated(&self, key: &ObjectKey, object: ObjectRef<'_>, out: &mut Vec<Statement>) {
        if let (ObjectRef::Table(old), Some(ObjectRef::Table(new))) = (object, self.news.get(key))
            && self.action(key) == Some(Action::Alter)
        {
            let standalone = self.is_detached(&old.schema, &old.name);
            let [old, new] = [old, new].map(|table| table::as_standalone(table, standalone));
            column::drop_generated(&old, &new, self.sides, out);
        }
        if let ObjectRef::Table(old) = object
            && self.is_copied(key)
        {
            self.drop_recreated_columns(old, out);
        }
    }

    pub(super) fn drops(&self, deferred: bool, out: &mut Vec<Statement>) {
        // CREATE TABLE contains these checks, so they have no step.
        for check in self.sides.old.model.constraints.iter().filter(|check| check.is_inline_check()) {
            crate::interrupt::check();
            let key = check.object_key();
            if !deferred
                && self.is_dropped(&key)
                && !self.is_dropped_by_cascade(ObjectRef::Constraint(check))
                && !self.has_step(&key)
            {
                out.extend(crate::plan::constraint::drop(check, false));
            }
        }
        for step in self.sides.old.plan.steps.iter().rev() {
            check();
            let key = step.object.object().key();
            if !deferred && step.part == Part::Main {
                if let ObjectRef::Table(table) = step.object {
                    self.save_as_json(table, out);
                }
                self.drop_generated(&key, step.object, out);
            }
            let due = match self.action(&key) {
                _ if self.is_dropped_foreign_key(&key) => false,
                Some(Action::Drop) => {
                    self.deferred.contains(&key) == deferred && !self.is_dropped_by_cascade(step.object)
                }
                Some(Action::Replace) => !deferred && !self.is_dropped_by_cascade(step.object),
                _ => false,
            };
            if let ObjectRef::Index(index) = step.object
                && due
                && self.overlaps(index)
            {
                if step.part == Part::Main {
                    out.push(index::rename_old_index(index));
                }
            } else if due {
                // A detached table keeps the indexes that were attached to the parent's.
                let standalone = matches!(step.object, ObjectRef::Constraint(_) | ObjectRef::Index(_))
                    && step.object.parent().is_some_and(|table| self.is_detached(&table.names[0], &table.names[1]));
                if let ObjectRef::Table(table) = step.object
                    && step.part == Part::Main
                {
                    let is_last = self.action(&key) == Some(Action::Drop);
                    if is_last && self.is_detached_concurrently(table) {
                        out.extend(table::detach_concurrently(table));
                    } else if self.is_referred_to(table) && !self.is_parent_dropped(table) {
                        out.extend(table::detach_referred_to(table));
                    }
                    self.detach_emptied_partitions(&key, out);
                }
                let mut drops = if let ObjectRef::Index(index) = step.object
                    && step.part == Part::Main
                    && self.is_copied(&index.table_key())
                {
                    vec![index::drop_with_table(index)]
                } else {
                    drop::statements(step.object, step.part, standalone, self.sides)
                };
                if let (ObjectRef::Table(table), Some(copy_target)) = (step.object, self.emptied.get(&key)) {
                    drops = drops.into_iter().map(|drop| self.without_rows(table, copy_target, drop)).collect();
                } else if self.drops_partitions_with_rows(step.object) {
                    drops = drops.into_iter().map(|drop| drop.hazard(Hazard::DeletesData)).collect();
                }
                out.extend(drops);
            }
        }
    }

    /// Returns whether the object is a foreign key that is dropped because partitions leave the table that it refers to.
    pub(super) fn is_dropped_foreign_key(&self, key: &ObjectKey) -> bool {
        key.kind == ObjectKind::TableConstraint && self.created_after_attach.contains(key) && self.is_dropped(key)
    }

    /// Reports the objects that stay because the option `drops` is false, without those that DROP of another one would drop.
    pub(super) fn report_kept(&self, out: &mut Vec<Statement>) {
        for step in self.sides.old.plan.steps.iter().rev().filter(|step| step.part == Part::Main) {
            check();
            let key = step.object.object().key();
            let with_parent = || step.object.parent().is_some_and(|parent| self.left_out.contains(&parent));
            if self.left_out.contains(&key) && !with_parent() {
                let drops = drop::statements(step.object, step.part, false, self.sides);
                out.extend(drops.iter().map(|drop| Statement::left_out(&key, &drop.sql)));
            }
        }
    }

    /// Returns whether DROP of a partitioned table drops partitions with rows, too.
    fn drops_partitions_with_rows(&self, object: ObjectRef<'_>) -> bool {
        let ObjectRef::Table(table) = object else { return false };
        let mut waiting = vec![table];
        let mut seen = FxHashSet::default();
        while let Some(table) = waiting.pop().filter(|_| table.partition_by.is_some()) {
            for child in self.sides.old.children(table) {
                check();
                let is_dropped_with_parent =
                    self.action(&child.object_key()) == Some(Action::Drop) && !self.is_emptied(&child.object_key());
                if is_dropped_with_parent && child.partition_by.is_none() && child.foreign.is_none() {
                    return true;
                }
                if is_dropped_with_parent && seen.insert(child.object_key()) {
                    waiting.push(child);
                }
            }
        }
        false
    }

    fn has_step(&self, check: &ObjectKey) -> bool {
        self.sides.old.plan.separate_checks.contains(check)
    }

    /// Returns whether DROP of another object drops this one, too.
    pub(super) fn is_dropped_by_cascade(&self, object: ObjectRef<'_>) -> bool {
        if let ObjectRef::Table(table) = object {
            self.is_dropped_with_parent(table)
        } else if let ObjectRef::Sequence(sequence) = object {
            self.is_dropped_with_column(sequence)
        } else if let ObjectRef::Constraint(constraint) = object {
            let other = constraint.foreign_key.as_ref();
            let cycle = other.is_some_and(|key| {
                let table = ObjectKey::in_schema(ObjectKind::Table, &key.table.schema, &key.table.name);
                table != constraint.table_key() && self.is_dropped(&table)
            });
            self.is_dropped_with(object, &constraint.table_key()) && !cycle
        } else if let ObjectRef::Index(index) = object {
            // DROP TABLE also frees the name of an index. A deferred one comes too late for an index that moves to another table.
            object.parent().is_some_and(|parent| {
                self.is_dropped_with(object, &parent)
                    && !(self.deferred.contains(&parent) && self.action(&index.object_key()) == Some(Action::Replace))
            })
        } else if let ObjectRef::Function(function) = object {
            // A type that was created as a shell and its functions need each other: DROP TYPE drops both.
            let own = function.object_key();
            let users = self.dependents.on(&own).iter().map(|(key, _)| key);
            let mut shells =
                users.filter(|key| key.kind == ObjectKind::Type && self.is_dropped(key) && self.has_shell(key));
            shells.any(|key| self.dependents.needs(object, key))
        } else if matches!(object, ObjectRef::Trigger(_) | ObjectRef::Rule(_) | ObjectRef::Policy(_)) {
            object.parent().is_some_and(|parent| self.is_dropped_with(object, &parent))
        } else {
            false
        }
    }

    fn is_dropped_with_parent(&self, table: &Table) -> bool {
        table.partition_of.as_ref().is_some_and(|partition| {
            let RelationName { schema, name } = &partition.parent;
            !self.news.contains_key(&table.object_key())
                && !self.is_emptied(&table.object_key())
                && self.is_dropped(&ObjectKey::in_schema(ObjectKind::Table, schema, name))
        })
    }

    fn is_dropped_with_column(&self, sequence: &Sequence) -> bool {
        sequence.owned_by.as_ref().is_some_and(|owned| {
            let table = ObjectKey::in_schema(ObjectKind::Table, &owned.schema, &owned.table);
            self.is_dropped(&table)
                || self.is_copied(&table)
                || !self.has_column(&table, &owned.column)
                || self.becomes_identity(&table, &owned.column)
        }) || sequence.identity
    }

    fn has_shell(&self, key: &ObjectKey) -> bool {
        matches!(self.dependents.objects.get(key), Some(ObjectRef::Type(own)) if own.has_shell())
    }

    /// Returns whether DROP of `parent` drops the object, too, and nothing that the object needs is dropped before.
    fn is_dropped_with(&self, object: ObjectRef<'_>, parent: &ObjectKey) -> bool {
        let needs = &object.object().shared().depends_on;
        self.is_dropped(parent) && !needs.iter().any(|key| key != parent && self.is_dropped_before(key, parent))
    }

    /// Returns whether both objects are dropped, and the first one before the other.
    fn is_dropped_before(&self, key: &ObjectKey, other: &ObjectKey) -> bool {
        let when = |key: &ObjectKey| (self.deferred.contains(key), Reverse(self.position.get(key)));
        self.is_dropped(key) && self.is_dropped(other) && when(key) < when(other)
    }

    /// Returns whether a default of a dropped table needs an object that is dropped before the table.
    fn is_blocked_by_default(&self, table: &ObjectKey, needs: &[ObjectKey]) -> bool {
        needs.iter().any(|key| {
            // DROP TABLE also drops the sequences that the table owns.
            let owner = match self.dependents.objects.get(key) {
                Some(ObjectRef::Sequence(sequence)) => sequence.parent(),
                _ => None,
            };
            let dropped = owner.as_ref().unwrap_or(key);
            dropped != table && self.is_dropped_before(dropped, table)
        })
    }

    /// Returns whether the parent of a remaining partition is dropped or recreated.
    pub(super) fn is_parent_dropped(&self, table: &Table) -> bool {
        table.partition_of.as_ref().is_some_and(|partition| {
            let parent = ObjectKey::in_schema(ObjectKind::Table, &partition.parent.schema, &partition.parent.name);
            self.is_dropped(&parent)
        })
    }

    /// Returns whether a partition must be detached, even if it is attached again later.
    fn leaves_its_parent(&self, table: &Table) -> bool {
        self.is_parent_dropped(table) || self.is_copied(&table.object_key())
    }

    /// Returns whether the table of a remaining sequence is dropped or recreated.
    pub(super) fn is_owner_dropped(&self, sequence: &Sequence) -> bool {
        !sequence.identity && sequence.parent().is_some_and(|table| self.is_dropped(&table) || self.is_copied(&table))
    }

    /// Returns whether the table was a partition or a child, and is detached for a time or for good.
    pub(super) fn is_detached(&self, schema: &Name, table: &Name) -> bool {
        let key = ObjectKey::in_schema(ObjectKind::Table, schema, table);
        match (self.dependents.objects.get(&key), self.news.get(&key)) {
            (Some(ObjectRef::Table(old)), Some(ObjectRef::Table(new))) => {
                let [was, is] = [old, new].map(|table| table.partition_of.as_ref().map(|partition| &partition.parent));
                let leaves = was.is_some() && (was != is || self.leaves_its_parent(old));
                leaves || self.copied_parents(old).next().is_some()
            }
            _ => false,
        }
    }

    fn has_column(&self, table: &ObjectKey, column: &str) -> bool {
        match self.news.get(table) {
            Some(ObjectRef::Table(table)) => self.sides.new.column(table, column).is_some(),
            _ => false,
        }
    }

    /// Returns whether a column becomes an identity column: ALTER TABLE creates its sequence.
    fn becomes_identity(&self, table: &ObjectKey, column: &str) -> bool {
        match self.news.get(table) {
            Some(ObjectRef::Table(table)) => {
                self.sides.new.column(table, column).is_some_and(|own| own.identity.is_some())
            }
            _ => false,
        }
    }
}

/// Appends the statements that drop the suspended checks and default of a domain.
fn detach_from_domain(domain: &Domain, remaining: &Domain, out: &mut Vec<Statement>) {
    let key = domain.object_key();
    let name = qualified(&domain.schema, &domain.name);
    let has = |name: &str| remaining.checks.iter().any(|check| *check.name == *name);
    for check in domain.checks.iter().filter(|check| !has(&check.name)) {
        out.push(Statement::new(&key, format!("ALTER DOMAIN {name} DROP CONSTRAINT {}", ident(&check.name))));
    }
    if domain.default.is_some() && remaining.default.is_none() {
        out.push(Statement::new(&key, format!("ALTER DOMAIN {name} DROP DEFAULT")));
    }
}

/// Returns the old domain without checks and a default that use objects which may be dropped before it.
fn standalone(domain: &Domain) -> Domain {
    let mut remaining = domain.clone();
    let of_type = |needs: &[ObjectKey]| needs.iter().all(|key| defines_domain(key.kind));
    remaining.checks.retain(|check| of_type(&check.depends_on));
    if !of_type(&domain.depends_on) {
        remaining.default = None;
    }
    remaining
}
