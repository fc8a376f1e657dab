//! Copies the rows of a table into a new one if no ALTER TABLE can make the change: the table becomes partitioned, for example.
//! The old table exists under another name, and dropped partitions as tables, until their rows are copied. Decides no order.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::ddl::column::not_null_name;
use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::{Column, NotNull, ObjectKey, ObjectKind, ObjectRef, RelationName, Table};
use crate::plan::build::{Action, Builder, online};
use crate::plan::conversion::{Conversion, Count, Types};
use crate::plan::names::former;
use crate::plan::recreate_type::{self, RecreatedTypes};
use crate::plan::refusal::PlanError;
use crate::plan::step::{Hazard, LockLevel, Statement};
use crate::plan::table;

/// A source of rows: a table of the old model, and its name during the copy.
struct Source<'m> {
    table: &'m Table,
    name: Name,
}

/// Statements that copy rows into a table.
struct Copy {
    table: ObjectKey,
    /// The step of the new model that creates the last partition of the table, if it has any.
    after: Option<usize>,
    statements: Vec<Statement>,
}

impl<'m> Builder<'_, 'm> {
    /// Finds the tables that get copied rows: copied tables, and recreated tables whose partitions are dropped.
    pub(super) fn find_copy_targets(&mut self) {
        self.copy_targets = self.copied().map(Table::object_key).collect();
        if !self.actions.values().any(|action| *action == Action::Replace) {
            return;
        }
        for table in &self.sides.old.model.tables {
            check();
            let key = table.object_key();
            let has_rows = table.partition_by.is_none() && table.foreign.is_none();
            if table.partition_of.is_none() || !has_rows || self.action(&key) != Some(Action::Drop) {
                continue;
            }
            let above: Vec<ObjectKey> = online::ancestor_keys(self.sides.old, table).collect();
            if let Some(copy_target) = self.copy_target_of(&above) {
                self.copy_targets.insert(copy_target.clone());
                self.emptied.insert(key, copy_target.clone());
            }
        }
    }

    /// Returns the table that gets the rows of a dropped partition: the lowest ancestor that stays, or the highest recreated one above
    /// it. Bounds may have changed, so rows may belong to another partition of that table.
    fn copy_target_of<'k>(&self, above: &'k [ObjectKey]) -> Option<&'k ObjectKey> {
        let remade = |key: &ObjectKey| self.action(key) == Some(Action::Replace);
        let (at, lowest) = above.iter().enumerate().find(|(_, key)| self.action(key) != Some(Action::Drop))?;
        let stays_below = |child: &ObjectKey, parent: &ObjectKey| match self.news.get(child) {
            Some(ObjectRef::Table(new)) => online::ancestor_keys(self.sides.new, new).next().as_ref() == Some(parent),
            _ => false,
        };
        let higher = above[at..].windows(2).take_while(|pair| remade(&pair[1]) && stays_below(&pair[0], &pair[1]));
        remade(lowest).then(|| higher.last().map_or(lowest, |pair| &pair[1]))
    }

    /// Returns whether the table exists under another name until its rows are in the new one.
    pub(super) fn is_copied(&self, key: &ObjectKey) -> bool {
        self.action(key) == Some(Action::RecreateType)
            && matches!(self.dependents.objects.get(key), Some(ObjectRef::Table(_)))
    }

    /// Returns whether the partition exists until its rows are in a table that was above it.
    pub(super) fn is_emptied(&self, key: &ObjectKey) -> bool {
        self.emptied.contains_key(key)
    }

    fn copied(&self) -> impl Iterator<Item = &'m Table> {
        let tables = self.sides.old.model.tables.iter().inspect(|_| check());
        tables.filter(|table| self.is_copied(&table.object_key()))
    }

    /// Detaches the partitions whose rows are copied, before the table that gets them is dropped, and the partitions that stay as
    /// tables because the option `drops` is false.
    pub(super) fn detach_emptied_partitions(&self, copy_target: &ObjectKey, out: &mut Vec<Statement>) {
        let mut emptied: Vec<&ObjectKey> =
            self.emptied.iter().filter(|(_, of)| *of == copy_target).map(|(key, _)| key).collect();
        emptied.sort();
        let Some(ObjectRef::Table(parent)) = self.dependents.objects.get(copy_target) else { return };
        let left_out =
            self.sides.old.children(parent).iter().filter(|child| self.left_out.contains(&child.object_key()));
        out.extend(left_out.filter_map(|child| table::detached(child)));
        for key in emptied {
            let Some(ObjectRef::Table(old)) = self.dependents.objects.get(key) else { continue };
            out.extend(table::detached(old));
            self.make_readable(old, parent, out);
            self.rename_not_null(old, &|constraint| constraint.name.is_some(), out);
            // Other foreign keys have a drop of their own.
            let keys = online::ancestor_foreign_keys(self.sides.old, old);
            let remaining = keys.into_iter().filter(|key| {
                self.is_dropped_by_cascade(ObjectRef::Constraint(key))
                    && !self.is_dropped_foreign_key(&key.object_key())
            });
            out.extend(remaining.map(|key| table::drop_inherited_foreign_key(old, &key.name)));
        }
    }

    /// Iterates over the parents of a child table that are renamed.
    pub(super) fn copied_parents<'t>(&self, old: &'t Table) -> impl Iterator<Item = &'t RelationName> {
        let key = |parent: &RelationName| ObjectKey::in_schema(ObjectKind::Table, &parent.schema, &parent.name);
        old.inherits.iter().filter(move |parent| self.is_copied(&key(parent)))
    }

    /// Removes the inheritance from renamed parents.
    pub(super) fn detach_renamed_parents(&self, old: &Table, out: &mut Vec<Statement>) {
        let own = self.copied_parents(old);
        out.extend(own.map(|parent| table::no_inherit(old, parent).unit(old.object_key())));
    }

    /// Returns the child table without its renamed parents.
    pub(super) fn without_copied_parents<'t>(&self, old: &'t Table) -> Cow<'t, Table> {
        let copied: Vec<RelationName> = self.copied_parents(old).cloned().collect();
        if copied.is_empty() {
            return Cow::Borrowed(old);
        }
        let mut remaining = old.clone();
        remaining.inherits.retain(|parent| !copied.contains(parent));
        Cow::Owned(remaining)
    }

    /// Renames the old tables, and removes what would conflict with the new ones.
    pub(super) fn rename_old_tables(&self, out: &mut Vec<Statement>) {
        for old in self.copied() {
            let key = old.object_key();
            let name = qualified(&old.schema, &old.name);
            let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
            self.rename_not_null(old, &|_| true, out);
            let identities = old.columns.iter().filter(|column| column.identity.is_some());
            for column in identities.filter(|column| self.has_identity(old, column)) {
                out.push(exclusive(format!("ALTER TABLE {name} ALTER COLUMN {} DROP IDENTITY", ident(&column.name))));
            }
            self.make_readable(old, old, out);
            let sql = format!("ALTER TABLE {name} RENAME TO {}", ident(&former(&old.name)));
            out.push(
                exclusive(sql).reason("no ALTER TABLE makes this change: the plan copies the rows into a new table"),
            );
        }
    }

    /// Lets the owner of the new table read all rows of an old table. `former`: the old state of the new table.
    fn make_readable(&self, old: &Table, former: &Table, out: &mut Vec<Statement>) {
        let name = qualified(&old.schema, &old.name);
        let exclusive = |sql: String| Statement::new(&old.object_key(), sql).lock(LockLevel::AccessExclusive);
        let owner = match self.news.get(&former.object_key()) {
            Some(ObjectRef::Table(new)) if self.sides.options.owner => new.owner.as_ref(),
            _ => former.owner.as_ref(),
        };
        if let Some(owner) = owner.filter(|owner| old.owner.as_ref().is_some_and(|was| was != *owner)) {
            out.push(exclusive(format!("ALTER TABLE {name} OWNER TO {}", ident(owner))));
        }
        if old.row_security {
            let reason = "row security would hide rows from the copy";
            out.push(exclusive(format!("ALTER TABLE {name} DISABLE ROW LEVEL SECURITY")).reason(reason));
        }
    }

    /// Refuses copies that would run code of other roles, or lose data that an option protects.
    pub(super) fn check_copies(&self) -> Result<(), PlanError> {
        if self.copy_targets.is_empty() {
            return Ok(());
        }
        let below = self.owners_below();
        let emptied = self.emptied.iter().map(|(key, copy_target)| (key.clone(), copy_target.clone()));
        let mut all: Vec<_> = self.copied().map(|old| (old.object_key(), old.object_key())).chain(emptied).collect();
        all.sort();
        for (key, copy_target) in all {
            check();
            let tables = (self.dependents.objects.get(&key), self.news.get(&copy_target));
            let (Some(ObjectRef::Table(old)), Some(ObjectRef::Table(new))) = tables else { continue };
            let other = below.get(&copy_target).filter(|_| self.sides.options.owner);
            let other = other.and_then(|tables| tables.iter().find(|table| table.owner != new.owner));
            let why = match other {
                Some(other) => Some(format!("{} has another owner", qualified(&other.schema, &other.name))),
                None => self.loss_by_options(old, new),
            };
            if let Some(why) = why {
                return Err(PlanError::CannotCopy { table: qualified(&old.schema, &old.name), why });
            }
        }
        Ok(())
    }

    /// Returns the created tables below each table that gets rows.
    fn owners_below(&self) -> FxHashMap<ObjectKey, Vec<&'m Table>> {
        let mut below: FxHashMap<ObjectKey, Vec<&'m Table>> = FxHashMap::default();
        for table in &self.sides.new.model.tables {
            check();
            if let Some(copy_target) = self.copy_target_above(table).filter(|_| self.is_created(&table.object_key())) {
                below.entry(copy_target).or_default().push(table);
            }
        }
        below
    }

    /// Returns the table above a new partition that gets copied rows.
    pub(super) fn copy_target_above(&self, new: &Table) -> Option<ObjectKey> {
        if self.copy_targets.is_empty() {
            return None;
        }
        online::ancestor_keys(self.sides.new, new).find(|parent| self.copy_targets.contains(parent))
    }

    /// Returns why a copy would lose something that the options protect.
    fn loss_by_options(&self, old: &Table, new: &Table) -> Option<String> {
        let options = self.sides.options;
        if !options.copy_tables {
            return Some("the option \"copy_tables\" is false".to_owned());
        }
        if options.types.is_some() {
            return Some("the option \"types\" may exclude objects of the table".to_owned());
        }
        if !options.drops {
            let column = old.columns.iter().find(|column| self.is_lost(column, new));
            let column = column.map(|column| format!("column {}", ident(&column.name)));
            let own = old.object_key();
            let dropped = column.or_else(|| {
                let on_it = self.left_out.iter().filter(|key| self.is_part_of(key, &own));
                on_it.min().map(|key| format!("{} {}", key.kind.word(), key.identity()))
            });
            if let Some(dropped) = dropped {
                return Some(format!("{dropped} would be dropped, and the option \"drops\" is false"));
            }
        }
        let column = |has: &dyn Fn(&Column) -> bool| old.columns.iter().any(|column| has(column));
        let has_privileges = old.privileges.is_some() || column(&|column| column.privileges.is_some());
        let has_comments = old.comment.is_some() || column(&|column| column.comment.is_some());
        let has_labels = !old.security_labels.is_empty() || column(&|column| !column.security_labels.is_empty());
        let kept = [
            (options.privileges, has_privileges, "privileges"),
            (options.comments, has_comments, "comments"),
            (options.security_labels, has_labels, "security_labels"),
        ];
        let lost = kept.into_iter().find(|(changes, has, _)| !changes && *has);
        lost.map(|(.., word)| format!("the option \"{word}\" is false, and the table has some"))
    }

    /// Returns whether an object of the old side is dropped with a table.
    fn is_part_of(&self, key: &ObjectKey, table: &ObjectKey) -> bool {
        match self.dependents.objects.get(key) {
            Some(ObjectRef::StatisticsObject(own)) => own.relation.relation() == table.relation(),
            Some(object) => object.parent().as_ref() == Some(table),
            None => false,
        }
    }

    /// Returns whether the new table does not get the values of a column.
    fn is_lost(&self, column: &Column, new: &Table) -> bool {
        let is = self.sides.new.column(new, &column.name);
        column.generated.is_none() && is.is_none_or(|is| is.generated.is_some())
    }

    /// Renames not-null constraints: the new table needs the names, and the server avoids names that the schema has already.
    fn rename_not_null(&self, old: &Table, wanted: &dyn Fn(&NotNull) -> bool, out: &mut Vec<Statement>) {
        if self.sides.old.model.server_version_num < 180_000 {
            return;
        }
        let name = qualified(&old.schema, &old.name);
        for column in &old.columns {
            check();
            let Some(constraint) = column.not_null.as_deref().filter(|own| wanted(own)) else { continue };
            let own = not_null_name(old, column, constraint);
            let new_name = ident(&former(&format!("{}_{}", old.name, column.name)));
            let sql = format!("ALTER TABLE {name} RENAME CONSTRAINT {own} TO {new_name}");
            out.push(Statement::new(&old.object_key(), sql).lock(LockLevel::AccessExclusive));
        }
    }

    /// Drops generated columns of an old table that use dropped objects: the new table computes the values again.
    pub(super) fn drop_recreated_columns(&self, old: &Table, out: &mut Vec<Statement>) {
        let key = old.object_key();
        let name = qualified(&old.schema, &old.name);
        for column in old.columns.iter().filter(|column| column.generated.is_some()) {
            check();
            let remade = (key.clone(), column.name.clone());
            if self.sides.forced.recreated_columns.contains(&remade) {
                let sql = format!("ALTER TABLE {name} DROP COLUMN {}", ident(&column.name));
                out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive));
            }
        }
    }

    /// Returns whether the column still owns its identity sequence: if it stops being an identity column, it was dropped before.
    fn has_identity(&self, old: &Table, column: &Column) -> bool {
        let sequence = self.sides.old.identity_sequence(old, &column.name);
        let new = sequence.and_then(|sequence| self.news.get(&sequence.object_key()));
        !matches!(new, Some(ObjectRef::Sequence(new)) if !new.identity)
    }

    /// Drops the old tables.
    pub(super) fn drop_old_tables(&self, out: &mut Vec<Statement>) {
        for old in self.copied() {
            let key = old.object_key();
            let name = qualified(&old.schema, &Name::from(former(&old.name)));
            let drop = Statement::new(&key, format!("DROP TABLE {name}")).lock(LockLevel::AccessExclusive);
            out.push(self.without_rows(old, &key, drop));
        }
    }

    /// Removes the data loss from the drop of a table whose rows were copied, except for columns that the new table lacks.
    pub(super) fn without_rows(&self, old: &Table, copy_target: &ObjectKey, mut drop: Statement) -> Statement {
        drop.hazards.remove(&Hazard::DeletesData);
        let Some(ObjectRef::Table(new)) = self.news.get(copy_target) else { return drop };
        let lost = old.columns.iter().filter(|column| self.is_lost(column, new));
        let lost: Vec<String> = lost.map(|column| ident(&column.name)).collect();
        if lost.is_empty() {
            return drop.reason("its rows are in the new table");
        }
        drop.hazard(Hazard::DeletesData)
            .reason(format!("the new table does not have the values of these columns: {}", lost.join(", ")))
    }

    /// Returns the statements that copy rows into the tables of the new model.
    pub(super) fn copies(&self, recreated_types: &RecreatedTypes) -> Copies {
        let mut sources: FxHashMap<ObjectKey, Vec<Source<'m>>> = FxHashMap::default();
        for table in self.copied() {
            let name = Name::from(former(&table.name));
            sources.entry(table.object_key()).or_default().push(Source { table, name });
        }
        let mut emptied: Vec<(&ObjectKey, &ObjectKey)> = self.emptied.iter().collect();
        emptied.sort();
        for (key, copy_target) in emptied {
            if let Some(ObjectRef::Table(table)) = self.dependents.objects.get(key) {
                sources.entry(copy_target.clone()).or_default().push(Source { table, name: table.name.clone() });
            }
        }
        if sources.is_empty() {
            return Copies::default();
        }
        let mut last: FxHashMap<ObjectKey, (usize, Vec<ObjectKey>)> = FxHashMap::default();
        for (at, step) in self.sides.new.plan.steps.iter().enumerate() {
            let ObjectRef::Table(table) = step.object else { continue };
            let key = table.object_key();
            if !self.is_created(&key) {
                continue;
            }
            for parent in online::ancestor_keys(self.sides.new, table) {
                let (after, partitions) = last.entry(parent).or_default();
                *after = at;
                partitions.push(key.clone());
            }
        }
        let new = self.sides.new.model.tables.iter().inspect(|_| check());
        let copy_targets = new.filter_map(|table| Some((table, sources.get(&table.object_key())?)));
        let copies = copy_targets.map(|(table, sources)| {
            let key = table.object_key();
            let (after, partitions) = last.remove(&key).unzip();
            let partitions = partitions.unwrap_or_default();
            let inserts = sources.iter().filter_map(|source| self.insert(source, table, &partitions, recreated_types));
            let statements = inserts.chain(self.set_sequences_after_copy(table)).collect();
            Copy { table: key, after, statements }
        });
        Copies(copies.collect())
    }

    /// Returns whether rows may match no partition, or lack a required value, even without a conversion.
    fn may_refuse_rows(&self, old: &Table, new: &Table) -> bool {
        let lacks = |column: &Column| {
            let was = self.sides.old.column(old, &column.name);
            let has_value =
                was.map_or(column.default.is_some() || column.identity.is_some(), |was| was.not_null.is_some());
            column.not_null.is_some() && !has_value
        };
        let below = |table: &&'m Table| self.sides.new.default_partition(&table.schema, &table.name);
        // A default partition may itself be partitioned. A malformed snapshot may make a table its own partition.
        let copy_targets = std::iter::successors(self.sides.new.table(&new.schema, &new.name), below);
        let mut copy_targets = copy_targets.inspect(|_| check()).take(self.sides.new.model.tables.len());
        let takes_all = copy_targets.any(|table| table.partition_by.is_none());
        !takes_all || new.columns.iter().any(|column| lacks(column))
    }

    /// Returns the statement that copies the rows of one table.
    fn insert(
        &self,
        source: &Source<'m>,
        new: &Table,
        below: &[ObjectKey],
        recreated_types: &RecreatedTypes,
    ) -> Option<Statement> {
        let (into, from) = (qualified(&new.schema, &new.name), qualified(&source.table.schema, &source.name));
        let (mut names, mut values, mut counts) = (Vec::new(), Vec::new(), Vec::new());
        let mut statement = Statement::new(&new.object_key(), "");
        let mut reasons = vec![format!("copies the rows of {from}")];
        for column in new.columns.iter().filter(|column| column.generated.is_none()) {
            check();
            let Some(was) = self.sides.old.column(source.table, &column.name) else { continue };
            let name = ident(&column.name);
            if was.data_type == column.data_type && !recreated_types.moves(column) {
                values.push(name.clone());
            } else {
                let types =
                    Types { old: self.sides.old, new: self.sides.new, recreated_types: Some(recreated_types.names()) };
                let conversion = match self.sides.options.using(new, &column.name) {
                    Some(expression) => Conversion::by_caller(expression),
                    None => Conversion::between(&was.data_type, &column.data_type, types),
                };
                values.push(conversion.expression(&name));
                let why = format!("{name} was of type {}", was.data_type);
                statement = conversion.noted(statement, from.clone(), why);
                reasons.push(std::mem::take(&mut statement.reason));
                if conversion.rewrites() {
                    let back = Conversion::between(&column.data_type, &was.data_type, types.back());
                    let before = recreate_type::name_meanwhile(&was.data_type, self.sides);
                    counts.push(Count::of(&from, &column.name, &conversion, &column.data_type, &back, &before));
                }
            }
            names.push(name);
        }
        if names.is_empty() {
            return None;
        }
        let numbers = new.columns.iter().any(|column| column.identity.is_some());
        let overriding = if numbers { " OVERRIDING SYSTEM VALUE" } else { "" };
        statement.sql = format!(
            "INSERT INTO {into} ({}){overriding} SELECT {} FROM ONLY {from}",
            names.join(", "),
            values.join(", ")
        );
        // The statement writes another table, and rewrites none.
        statement.rewrites.clear();
        statement.hazards.remove(&Hazard::RewritesTable);
        statement.counts = counts;
        statement.needs = below.to_vec();
        statement.needs.push(source.table.object_key());
        if self.is_emptied(&source.table.object_key()) || self.may_refuse_rows(source.table, new) {
            statement = statement.hazard(Hazard::MayFailOnData);
        }
        let statement = statement.hazard(Hazard::FullTableScan).slow();
        let statement = statement.hazard(Hazard::ImpactsDatabasePerformance).lock(LockLevel::AccessShare);
        Some(statement.of_all_columns().reason(reasons.join("; ")))
    }
}

/// The copies that are not in the plan yet.
#[derive(Default)]
pub(super) struct Copies(Vec<Copy>);

impl Copies {
    /// Appends the copies into a new table without partitions, before the table gets indexes.
    pub fn append_to(&mut self, table: &ObjectKey, out: &mut Vec<Statement>) {
        self.append(|copy| copy.after.is_none() && copy.table == *table, out);
    }

    /// Appends the copies into tables whose last partition was created before a step.
    pub fn append_before(&mut self, step: usize, out: &mut Vec<Statement>) {
        self.append(|copy| copy.after.is_some_and(|after| after < step), out);
    }

    /// Returns whether a table has copies that are not in the plan yet.
    pub fn are_pending(&self, table: &ObjectKey) -> bool {
        self.0.iter().any(|copy| copy.table == *table)
    }

    pub fn append_all(&mut self, out: &mut Vec<Statement>) {
        self.append(|_| true, out);
    }

    fn append(&mut self, is_due: impl Fn(&Copy) -> bool, out: &mut Vec<Statement>) {
        self.0.retain_mut(|copy| {
            let due = is_due(copy);
            if due {
                out.append(&mut copy.statements);
            }
            !due
        });
    }
}
