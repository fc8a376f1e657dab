//! The effects of a change on dependents: an object is dropped before the object that it depends on. Prints no SQL, and decides
//! no order.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::diff::{Change, normalized_attributes};
use crate::interrupt::check;
use crate::model::{Column, DomainCheck, Index, ObjectKey, ObjectKind, ObjectRef, Publication, Table};
use crate::plan::alter::ColumnChange;
use crate::plan::build::{Action, Builder, defaults, online};
use crate::plan::column_changes::ChangedColumns;
use crate::plan::dependents::Link;
use crate::plan::recreate_type::RecreatedTypes;
use crate::plan::refusal::PlanError;
use crate::plan::{domain, index};

impl<'m> Builder<'_, 'm> {
    /// Recreates unchanged objects that use a dropped one: a cast gets another function, or another object gets the name.
    pub(super) fn release_dropped(&mut self, changes: &[Change<'m>], waiting: &mut Vec<ObjectKey>) {
        use ObjectKind::*;
        let named = |kind| matches!(kind, Function | Aggregate | Operator | OperatorFamily | OperatorClass | Collation);
        for change in changes.iter().filter(|change| named(change.key.kind)) {
            if self.action(&change.key) != Some(Action::Drop) {
                continue;
            }
            for (dependent, link) in self.dependents.on(&change.key).to_vec() {
                check();
                if self.is_equal_in_part(&dependent, link) {
                    self.disturb(&change.key, dependent, link, waiting);
                }
            }
        }
    }

    /// Returns whether the part of an object that holds a link is the same in both models.
    pub(super) fn is_equal_in_part(&self, key: &ObjectKey, link: Link) -> bool {
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
            _ => normalized_attributes(old) == normalized_attributes(new),
        }
    }

    /// Drops foreign keys to tables whose partitions are detached, even for a moment: the server detaches no referenced rows.
    pub(super) fn drop_foreign_keys_to_partitions(&mut self, changes: &[Change<'m>], waiting: &mut Vec<ObjectKey>) {
        let mut tables: FxHashSet<ObjectKey> = FxHashSet::default();
        for change in changes {
            check();
            let Some(ObjectRef::Table(old)) = change.old else { continue };
            // The server refuses to drop a partition with referenced rows, so a dropped partition needs no care here.
            let Some(ObjectRef::Table(new)) = change.new else { continue };
            let leaves = old.partition_of.is_some() && self.is_recreated_table(&change.key);
            if leaves || old.partition_of != new.partition_of {
                tables.extend(online::ancestor_keys(self.sides.old, old));
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
                self.created_after_attach.insert(key.clone());
                self.replace(key, &referenced, waiting);
            }
        }
    }

    /// Drops indexes that equal one that is to be attached to a parent's index: ATTACH PARTITION could attach either.
    fn drop_equal_indexes_of(&mut self, table: &Table, waiting: &mut Vec<ObjectKey>) {
        let own = self.sides.new.model.indexes.iter().inspect(|_| check());
        let own = own.filter(|index| index.schema == table.schema && index.table == table.name);
        let (attached, unattached): (Vec<&Index>, Vec<&Index>) = own.partition(|index| index.attached_to.is_some());
        for equal in unattached.into_iter().filter(|index| attached.iter().any(|other| index::are_alike(index, other)))
        {
            self.created_after_attach.insert(equal.object_key());
            self.replace(equal.object_key(), &table.object_key(), waiting);
        }
    }

    pub(super) fn drop_equal_indexes(&mut self, changes: &[Change<'m>], waiting: &mut Vec<ObjectKey>) {
        for change in changes {
            let (Some(ObjectRef::Table(old)), Some(ObjectRef::Table(new))) = (change.old, change.new) else { continue };
            if new.partition_of.is_some() && old.partition_of != new.partition_of {
                self.drop_equal_indexes_of(new, waiting);
            }
        }
    }

    /// Decides the action for an object that depends on a recreated one.
    pub(super) fn disturb(&mut self, on: &ObjectKey, dependent: ObjectKey, link: Link, waiting: &mut Vec<ObjectKey>) {
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
                if self.news.contains_key(&remade.0) && !self.sides.forced.recreated_columns.contains(&remade) {
                    self.added_columns.insert(remade);
                }
            }
            // The rows of the foreign table are elsewhere.
            (ObjectRef::Table(table), _) if table.foreign.is_some() && on.kind == ObjectKind::Server => {
                self.replace(dependent, on, waiting);
            }
            // The partition key uses the object, or a column of the key changes its type. The rows are in the partitions.
            (ObjectRef::Table(table), _) if self.is_in_partition_key(on, table) => {
                self.replace(dependent, on, waiting);
            }
            // The columns of the table are converted to the new type, and its sequences stay.
            (ObjectRef::Table(table), _) => {
                let recreated_types =
                    on.kind != ObjectKind::Table && self.actions.get(on) == Some(&Action::RecreateType);
                if recreated_types {
                    self.move_columns(on, table, waiting);
                }
                let parent = on.kind == ObjectKind::Table || on.kind == ObjectKind::ForeignTable;
                if self.news.contains_key(&dependent) && (recreated_types || parent) {
                    self.actions.entry(dependent).or_insert(Action::Alter);
                }
            }
            (ObjectRef::Domain(domain), Link::DomainCheck(_)) if domain::is_stored_within(domain, self.sides) => {
                self.recreate_type(dependent, waiting);
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
            // The old type depends on the old table, so it cannot stay under another name: tables save their values of it meanwhile.
            (ObjectRef::Domain(_) | ObjectRef::Type(_), _) if self.is_recreated_table(on) => {
                self.replace(dependent, on, waiting);
            }
            (ObjectRef::Domain(_) | ObjectRef::Type(_), _) => self.recreate_type(dependent, waiting),
            (
                ObjectRef::Schema(_) | ObjectRef::Extension(_) | ObjectRef::Role(_) | ObjectRef::DefaultPrivileges(_),
                _,
            ) => {}
            _ => self.replace(dependent, on, waiting),
        }
    }

    /// Refuses to change a base type whose values are stored: the functions of the old and the new type have the same names, so both
    /// types cannot exist together.
    pub(super) fn check(&self) -> Result<(), PlanError> {
        let mut refused: Vec<(&ObjectKey, &ObjectKey)> = Vec::new();
        for (key, object) in &self.dependents.objects {
            check();
            let ObjectRef::Type(changed) = object else { continue };
            if changed.base.is_none() || !self.is_dropped(key) || !self.news.contains_key(key) {
                continue;
            }
            let users = self.dependents.on(key).iter().map(|(user, _)| user);
            let stored = users.filter(|user| match self.dependents.objects.get(*user) {
                Some(ObjectRef::Table(_)) => self.is_kept(user) || self.is_copied(user),
                Some(ObjectRef::Domain(_) | ObjectRef::Type(_)) => self.action(user) == Some(Action::RecreateType),
                _ => false,
            });
            refused.extend(stored.map(|user| (key, user)));
        }
        match refused.into_iter().min() {
            Some((changed, user)) => {
                let user = format!("{} {}", user.kind.word(), user.identity());
                Err(PlanError::InUse { changed: changed.identity(), user })
            }
            None => Ok(()),
        }
    }

    pub(super) fn is_recreated_table(&self, key: &ObjectKey) -> bool {
        key.kind == ObjectKind::Table && matches!(self.actions.get(key), Some(Action::Replace | Action::RecreateType))
    }

    pub(super) fn recreate_type(&mut self, key: ObjectKey, waiting: &mut Vec<ObjectKey>) {
        if self.news.contains_key(&key)
            && !matches!(self.actions.get(&key), Some(Action::RecreateType | Action::Replace))
        {
            self.actions.insert(key.clone(), Action::RecreateType);
            waiting.push(key);
        }
    }

    pub(super) fn is_in_partition_key(&self, on: &ObjectKey, table: &Table) -> bool {
        use ObjectKind::*;
        let Some(key) = &table.partition_by else { return false };
        let recreated_types =
            self.dependents.objects.get(on).filter(|_| self.actions.get(on) == Some(&Action::RecreateType));
        let recreated_types = RecreatedTypes::of(recreated_types.copied().into_iter());
        let moved = recreated_types.column_changes(table);
        matches!(on.kind, Function | Operator | OperatorClass | OperatorFamily | Cast | TextSearchConfiguration)
            || (!moved.is_empty() && ChangedColumns::of(&moved).named_in(key))
    }

    /// Drops the dependents of columns that are converted to a new type or collation.
    pub(super) fn move_columns(&mut self, on: &ObjectKey, table: &'m Table, waiting: &mut Vec<ObjectKey>) {
        let recreated_types = RecreatedTypes::of(self.dependents.objects.get(on).copied().into_iter());
        let moved = recreated_types.column_changes(table);
        let key = table.object_key();
        if moved.is_empty() || !self.news.contains_key(&key) {
            return;
        }
        let positions = defaults::of_children(table, &|column| column.has_parent && recreated_types.moves(column));
        self.suspended.extend(positions.into_iter().map(|position| (key.clone(), position)));
        let generated =
            table.columns.iter().filter(|column| column.generated.is_some() && recreated_types.moves(column));
        self.note_generated_columns(&key, generated);
        self.drop_column_dependents(&key, table, &moved, waiting);
        self.save_rows_of(&key, waiting);
    }

    /// Drops the dependents of columns that get another type.
    pub(super) fn drop_column_dependents(
        &mut self,
        key: &ObjectKey,
        table: &'m Table,
        moved: &[ColumnChange],
        waiting: &mut Vec<ObjectKey>,
    ) {
        let columns = ChangedColumns::of(moved);
        let generated = table.columns.iter().filter(|column| column.generated.is_some());
        let from = generated.filter(|column| column.default.as_deref().is_some_and(|text| columns.named_in(text)));
        self.note_generated_columns(key, from);
        for dependent in self.dependents.of_columns(key, moved) {
            self.replace(dependent, key, waiting);
        }
    }

    /// Notes generated columns that must be recreated.
    pub(super) fn note_generated_columns<'c>(
        &mut self,
        table: &ObjectKey,
        columns: impl Iterator<Item = &'c Box<Column>>,
    ) {
        let known = &self.sides.forced.recreated_columns;
        let remade = columns.map(|column| (table.clone(), column.name.clone()));
        self.added_columns.extend(remade.filter(|own| !known.contains(own)));
    }

    pub(super) fn replace(&mut self, key: ObjectKey, on: &ObjectKey, waiting: &mut Vec<ObjectKey>) {
        self.overlapping.remove(&key);
        if matches!(key.kind, ObjectKind::Trigger | ObjectKind::Index) {
            self.disturbed.insert(key.clone());
        }
        if matches!(self.actions.get(&key), Some(Action::Drop | Action::Replace | Action::RecreateType)) {
            return;
        }
        if !self.news.contains_key(&key) {
            return;
        }
        // Sequences of identity columns and inherited constraints cannot be created alone.
        match self.dependents.objects.get(&key) {
            Some(ObjectRef::Sequence(_)) | None => return,
            Some(ObjectRef::Publication(publication)) => return self.suspend_members(publication, on),
            Some(ObjectRef::Constraint(constraint)) if constraint.inherited => return,
            // The index stays with its detached table, and is attached to the parent's next index.
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

    /// Removes tables from a publication that stays: the recreated table, or all tables with a row filter.
    pub(super) fn suspend_members(&mut self, publication: &Publication, on: &ObjectKey) {
        let key = publication.object_key();
        let members = publication.tables.iter().map(|table| {
            (ObjectKey::in_schema(ObjectKind::Table, &table.schema, &table.name), table.row_filter.is_some())
        });
        let is_member = on.kind == ObjectKind::Table;
        let leave = members.filter(|(table, filtered)| if is_member { table == on } else { *filtered });
        self.suspended_members.extend(leave.map(|(table, _)| (key.clone(), table)));
        self.actions.entry(key).or_insert(Action::Alter);
    }

    /// Returns a publication without its suspended tables.
    pub(super) fn without_members(&self, publication: &Publication) -> Publication {
        let mut remaining = publication.clone();
        let key = publication.object_key();
        remaining.tables.retain(|table| {
            let member = ObjectKey::in_schema(ObjectKind::Table, &table.schema, &table.name);
            !self.suspended_members.contains(&(key.clone(), member))
        });
        remaining
    }

    /// Recreates attached indexes and constraints of partitions together with the parent's, and the other way round.
    pub(super) fn follow_partitions(&mut self) {
        let parents: Vec<(ObjectKey, ObjectKey)> = self
            .dependents
            .objects
            .iter()
            .filter_map(|(key, object)| {
                let attached = object.attached_to()?;
                // An index that is dropped or detached together with its table does not affect the parent's.
                let table_key = object.parent()?;
                if !self.news.contains_key(&table_key)
                    || self.is_recreated_table(&table_key)
                    || self.is_detached(&table_key.names[0], &table_key.names[1])
                {
                    return None;
                }
                Some((key.clone(), ObjectKey::in_schema(ObjectKind::Index, &attached.schema, &attached.name)))
            })
            .collect();
        // The link names the parent's index: if a constraint owns the index, the constraint's key is needed.
        let by_index: FxHashMap<ObjectKey, ObjectKey> = self
            .dependents
            .objects
            .values()
            .filter_map(|object| {
                let ObjectRef::Constraint(constraint) = object else { return None };
                constraint.index.is_some().then(|| (constraint.index_key(), constraint.object_key()))
            })
            .collect();
        let mut attached: FxHashMap<&ObjectKey, Vec<&ObjectKey>> = FxHashMap::default();
        for (child, index) in &parents {
            check();
            let parent = by_index.get(index).unwrap_or(index);
            attached.entry(child).or_default().push(parent);
            attached.entry(parent).or_default().push(child);
        }
        let remade = |action: &Action| matches!(action, Action::Replace | Action::Drop);
        let mut waiting: Vec<&ObjectKey> =
            attached.keys().copied().filter(|key| self.actions.get(key).is_some_and(remade)).collect();
        while let Some(key) = waiting.pop() {
            for &other in attached.get(key).into_iter().flatten() {
                check();
                if matches!(self.actions.get(other), None | Some(Action::Alter)) && self.news.contains_key(other) {
                    self.actions.insert(other.clone(), Action::Replace);
                    waiting.push(other);
                }
            }
        }
    }
}
