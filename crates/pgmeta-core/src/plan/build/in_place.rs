//! Changes that one statement makes in place of a recreation: CREATE OR REPLACE TRIGGER, and ADD CONSTRAINT USING INDEX. Decides;
//! prints nothing.

use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{
    Constraint, ConstraintIndex, ConstraintKind, Index, IndexColumn, ObjectKey, ObjectKind, ObjectRef, Trigger,
    each_need,
};
use crate::plan::build::{Action, Builder};

impl Builder<'_, '_> {
    /// Replaces the triggers that would be recreated only because they differ: the table is never without them, and readers are not
    /// blocked.
    pub(super) fn replace_triggers_in_place(&mut self) {
        let replaced = self.actions.iter().filter(|(key, action)| {
            check();
            **action == Action::Replace
                && match (self.dependents.objects.get(key), self.news.get(key)) {
                    (Some(ObjectRef::Trigger(old)), Some(ObjectRef::Trigger(new))) => self.is_replaceable(old, new),
                    _ => false,
                }
        });
        let replaced: Vec<ObjectKey> = replaced.map(|(key, _)| key.clone()).collect();
        self.actions.extend(replaced.into_iter().map(|key| (key, Action::Alter)));
    }

    fn is_replaceable(&self, old: &Trigger, new: &Trigger) -> bool {
        // A constraint trigger cannot be replaced. Partitions would lose the settings of their own triggers.
        // The server forgets the extensions that a replaced trigger depends on.
        let is_plain = |trigger: &Trigger| {
            trigger.constraint.is_none()
                && trigger.inherited_from.is_empty()
                && trigger.depends_on_extensions.is_empty()
        };
        let table = self.sides.new.table(&new.schema, &new.table);
        // An object that the old trigger needs may have to be dropped early.
        let mut needs_stay = true;
        each_need(ObjectRef::Trigger(old), &mut |needed| needs_stay &= self.action(&needed) != Some(Action::Drop));
        needs_stay
            && is_plain(old)
            && is_plain(new)
            && table.is_some_and(|table| table.partition_by.is_none())
            && !self.disturbed.contains(&old.object_key())
    }

    /// Finds the unique indexes that become the indexes of constraints of the same name.
    pub(super) fn adopt_indexes(&mut self) {
        let created = self
            .actions
            .iter()
            .filter(|(key, action)| **action == Action::Create && key.kind == ObjectKind::TableConstraint);
        let adopted = created.filter_map(|(key, _)| {
            check();
            let Some(&ObjectRef::Constraint(constraint)) = self.news.get(key) else { return None };
            let index = constraint.index_key();
            let Some(&ObjectRef::Index(old)) = self.dependents.objects.get(&index) else { return None };
            let is_dropped = self.action(&index) == Some(Action::Drop) || self.left_out.contains(&index);
            (is_dropped && may_adopt(constraint, old)).then(|| (key.clone(), index))
        });
        for (constraint, index) in adopted.collect::<Vec<_>>() {
            self.actions.remove(&index);
            self.left_out.remove(&index);
            self.adopted.insert(constraint);
        }
    }

    /// Drops the indexes that cannot become those of constraints, because their tables or columns are recreated.
    pub(super) fn drop_disturbed_indexes(&mut self) {
        let is_lost = |constraint: &Constraint| {
            let index = constraint.index_key();
            !self.is_kept(&constraint.table_key()) || self.disturbed.contains(&index)
        };
        let lost = self.adopted.iter().filter(|key| match self.news.get(key) {
            Some(ObjectRef::Constraint(constraint)) => is_lost(constraint),
            _ => true,
        });
        for key in lost.cloned().collect::<Vec<_>>() {
            check();
            if let [schema, _, name] = &*key.names {
                self.actions.insert(ObjectKey::in_schema(ObjectKind::Index, schema, name), Action::Drop);
            }
            self.adopted.remove(&key);
        }
    }
}

/// Returns whether an index has exactly the definition that a constraint needs.
fn may_adopt(constraint: &Constraint, old: &Index) -> bool {
    let (ConstraintKind::PrimaryKey | ConstraintKind::Unique, Some(index)) = (constraint.kind, &constraint.index)
    else {
        return false;
    };
    let plain = ConstraintIndex {
        include: index.include.clone(),
        nulls_not_distinct: index.nulls_not_distinct,
        options: index.options.clone(),
        tablespace: index.tablespace.clone(),
        ..ConstraintIndex::default()
    };
    if **index != plain {
        return false;
    }
    let expected = Index {
        unique: true,
        schema: old.schema.clone(),
        name: old.name.clone(),
        table: constraint.table.clone(),
        method: "btree".into(),
        columns: constraint.columns.iter().map(key_column).collect(),
        include: plain.include,
        nulls_not_distinct: plain.nulls_not_distinct,
        options: plain.options,
        tablespace: plain.tablespace,
        ..Index::default()
    };
    let own = |index: &Index| crate::diff::normalized_attributes(ObjectRef::Index(index));
    constraint.table == old.table
        && !constraint.on_partitioned
        && !constraint.excludes()
        && old.comment.is_none()
        && own(&expected) == own(old)
}

fn key_column(name: &Name) -> IndexColumn {
    IndexColumn { column: Some(name.clone()), ..IndexColumn::default() }
}
