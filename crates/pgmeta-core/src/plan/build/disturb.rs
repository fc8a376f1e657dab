//! The effects of a change on dependents: an object that depends on a dropped or recreated one is dropped before. Prints no SQL, and decides no
//! order.

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
    /// Recreates what is the same on both sides and still uses something that is dropped: a cast has another function, or a name
    /// is another object's.
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

    /// Returns whether the part of an object that holds a link is the same on both sides.
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

    /// Lets foreign keys go that refer to tables whose partitions leave them, be it for a moment: rows that are referred to stay.
    pub(super) fn drop_foreign_keys_to_partitions(&mut self, changes: &[Change<'m>], waiting: &mut Vec<ObjectKey>) {
        let mut tables: FxHashSet<ObjectKey> = FxHashSet::default();
        for change in changes {
            check();
            let Some(ObjectRef::Table(old)) = change.old else { continue };
            // One that is dropped leaves with what nobody refers to, and the server sees to that.
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
                self.freed.insert(key.clone());
                self.replace(key, &referenced, waiting);
            }
        }
    }

    /// Lets indexes go that are like one that is to hang on a parent's: where a table is attached, the server takes either.
    fn drop_equal_indexes_of(&mut self, table: &Table, waiting: &mut Vec<ObjectKey>) {
        let own = self.sides.new.model.indexes.iter().inspect(|_| check());
        let own = own.filter(|index| index.schema == table.schema && index.table == table.name);
        let (attached, apart): (Vec<&Index>, Vec<&Index>) = own.partition(|index| index.attached_to.is_some());
        for twin in apart.into_iter().filter(|index| attached.iter().any(|other| index::are_alike(index, other))) {
            self.freed.insert(twin.object_key());
            self.replace(twin.object_key(), &table.object_key(), waiting);
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

    /// Marks what depends on an object that is recreated.
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
            // It cannot be aside, as it holds on to the table; who has its values keeps them elsewhere meanwhile.
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

    /// Refuses to change a base type whose values are stored: it cannot stay beside the new one, whose functions have the same names.
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

    /// Notes generated columns that are in the way.
    pub(super) fn note_generated_columns<'c>(
        &mut self,
        table: &ObjectKey,
        columns: impl Iterator<Item = &'c Box<Column>>,
    ) {
        let known = &self.sides.forced.recreated_columns;
        let remade = columns.map(|column| (table.clone(), column.name.clone()));
        self.remade.extend(remade.filter(|own| !known.contains(own)));
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

    /// Returns a publication as it is when those tables have left it.
    pub(super) fn without_members(&self, publication: &Publication) -> Publication {
        let mut left = publication.clone();
        let key = publication.object_key();
        left.tables.retain(|table| {
            let member = ObjectKey::in_schema(ObjectKind::Table, &table.schema, &table.name);
            !self.suspended_members.contains(&(key.clone(), member))
        });
        left
    }

    /// A partition's indexes and constraints that hang on a parent's are recreated with it, and the other way round.
    pub(super) fn follow_partitions(&mut self) {
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
                // An index that is dropped or detached together with its table does not concern the parent's.
                let (schema, table) = match object {
                    ObjectRef::Index(index) => (&index.schema, &index.table),
                    ObjectRef::Constraint(constraint) => (&constraint.schema, &constraint.table),
                    _ => return None,
                };
                let table_key = ObjectKey::in_schema(ObjectKind::Table, schema, table);
                if !self.news.contains_key(&table_key)
                    || self.is_recreated_table(&table_key)
                    || self.is_detached(schema, table)
                {
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
                ObjectRef::Constraint(constraint) if constraint.index.is_some() => {
                    Some((constraint.index_key(), constraint.object_key()))
                }
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
}
