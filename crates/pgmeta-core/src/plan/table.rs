//! Changing tables, except columns, which have a file of their own, and constraints and indexes, which are objects.

use std::borrow::Cow;

use crate::ddl::Part;
use crate::ident::{ident, qualified};
use crate::interrupt::check;
use crate::model::{Object, ObjectKey, ObjectKind, PartitionOf, Persistence, RelationName, ReplicaIdentity, Table};
use crate::plan::alter::{Alter, ColumnChange, Sides, Strategy};
use crate::plan::lookup::By;
use crate::plan::parameters::{option_changes, parameters, relation};
use crate::plan::step::{Hazard, LockLevel, Run, Statement};
use crate::plan::{column, sequence};

impl Alter for Table {
    fn strategy(&self, new: &Self, sides: &Sides<'_>) -> Strategy {
        let method = self.access_method != new.access_method && sides.new.model.server_version_num < 150_000;
        let partitioning = self.partition_by != new.partition_by || column::changes_key(self, new, sides);
        let server = self.foreign.as_ref().map(|foreign| &foreign.server) != new.foreign.as_ref().map(|f| &f.server);
        match method || partitioning || server {
            true if needs_copy(self, new, sides.new.model.server_version_num) => Strategy::RecreateType,
            true => Strategy::Replace,
            false => Strategy::Alter,
        }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        // A partition has its parent's columns, so it changes after the parent: where it is attached.
        if new.partition_of.is_none() {
            change(self, new, sides, out);
        }
    }

    fn alter_part(&self, new: &Self, part: Part, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        match part {
            Part::Attach => change(self, new, sides, out),
            Part::Default(position) => column::deferred_default(self, new, position, sides, out),
            _ => {}
        }
    }

    fn column_changes(&self, new: &Self, sides: &Sides<'_>) -> Vec<ColumnChange> {
        column::column_changes(self, new, sides)
    }
}

/// Returns whether a table has rows, and only a copy of them can make the change.
pub fn needs_copy(old: &Table, new: &Table, version: u32) -> bool {
    let method = old.access_method != new.access_method && version < 150_000 && new.partition_by.is_none();
    let has_rows = old.foreign.is_none() && old.partition_by.is_none();
    has_rows && new.foreign.is_none() && (method || new.partition_by.is_some())
}

/// Returns whether the server refuses the change of a table whose row type other tables store: the change reads each row.
pub fn rewrites_rows(old: &Table, new: &Table, sides: &Sides<'_>) -> bool {
    let changed =
        column::column_changes(old, new, sides).iter().any(|loss| sides.new.column(new, &loss.column).is_some());
    let added = || {
        new.columns.iter().any(|column| {
            check();
            sides.old.column(old, &column.name).is_none() && column::fills_rows(column, sides)
        })
    };
    changed || old.persistence != new.persistence || old.access_method != new.access_method || added()
}

/// Returns the statement that attaches a partition to a new parent, or with other bounds. `remade`: its old parent is recreated.
pub fn attach(old: Option<&Table>, new: &Table, remade: bool, sides: &Sides<'_>) -> Option<Statement> {
    let was = old.and_then(|old| old.partition_of.as_ref()).filter(|_| !remade);
    let partition = new.partition_of.as_ref().filter(|partition| was != Some(*partition))?;
    let parent = qualified(&partition.parent.schema, &partition.parent.name);
    let (name, bound) = (qualified(&new.schema, &new.name), &partition.bound);
    let sql = format!("ALTER TABLE ONLY {parent} ATTACH PARTITION {name} {bound}");
    let parent = ObjectKey::in_schema(ObjectKind::Table, &partition.parent.schema, &partition.parent.name);
    let statement = Statement::new(&new.key(), sql).attaches_to(parent).lock(LockLevel::ShareUpdateExclusive);
    let statement = statement.unit(new.key()).of_all_columns();
    let reads = |statement: Statement| {
        let statement = statement.lock(LockLevel::AccessExclusive).hazard(Hazard::FullTableScan);
        statement.hazard(Hazard::MayFailOnData).slow()
    };
    // Existing rows must be within the bounds, and the default partition must contain none within them.
    let statement = if old.is_some() { reads(statement) } else { statement };
    let default = sides.old.default_partition(&partition.parent.schema, &partition.parent.name);
    let default = default.filter(|default| (&default.schema, &default.name) != (&new.schema, &new.name));
    Some(match default {
        Some(default) => {
            let default = qualified(&default.schema, &default.name);
            reads(statement).reason(format!(
                "the server reads the default partition {default}: it must contain no row within the bounds"
            ))
        }
        None => statement,
    })
}

/// Returns the statement that detaches a partition from a parent that it loses, or that is recreated.
pub fn detach(old: &Table, new: &Table, remade: bool) -> Option<Statement> {
    let partition = old.partition_of.as_ref()?;
    let stays = new.partition_of.as_ref().is_some_and(|other| other.parent == partition.parent);
    (remade || !stays).then(|| detached_from(old, partition))
}

/// Returns the statement that detaches a partition which is then attached with other bounds.
pub fn detach_for_bounds(old: &Table, new: &Table, remade: bool) -> Option<Statement> {
    let (was, is) = (old.partition_of.as_ref()?, new.partition_of.as_ref()?);
    (!remade && was.parent == is.parent && was != is).then(|| detached_from(old, was))
}

/// Returns the statement that detaches a table, if it is a partition.
pub fn detached(old: &Table) -> Option<Statement> {
    old.partition_of.as_ref().map(|partition| detached_from(old, partition))
}

fn detached_from(old: &Table, partition: &PartitionOf) -> Statement {
    let parent = qualified(&partition.parent.schema, &partition.parent.name);
    let sql = format!("ALTER TABLE {parent} DETACH PARTITION {}", qualified(&old.schema, &old.name));
    let statement = Statement::new(&old.key(), sql).lock(LockLevel::AccessExclusive);
    statement.unit(old.key()).of_all_columns()
}

/// Returns a table as it is, or, with `alone`, as a detached partition: it has no inherited properties.
pub fn as_standalone(table: &Table, alone: bool) -> Cow<'_, Table> {
    if !alone {
        return Cow::Borrowed(table);
    }
    let mut table = table.clone();
    for column in &mut table.columns {
        (column.inherited, column.has_parent) = (false, false);
        if let Some(not_null) = &mut column.not_null {
            not_null.inherited = false;
        }
    }
    Cow::Owned(table)
}

/// Returns the statement that drops a foreign key that a partition kept from its former parent.
pub fn drop_inherited_foreign_key(old: &Table, name: &str) -> Statement {
    let sql = format!("ALTER TABLE {} DROP CONSTRAINT {}", qualified(&old.schema, &old.name), ident(name));
    Statement::new(&old.key(), sql)
        .lock(LockLevel::AccessExclusive)
        .reason("the partition kept this foreign key of its former parent")
}

/// Returns the statement that detaches a partition before it is dropped: DROP TABLE would lock the parent.
pub fn detach_concurrently(old: &Table) -> Option<Statement> {
    let partition = old.partition_of.as_ref()?;
    let parent = qualified(&partition.parent.schema, &partition.parent.name);
    let sql = format!("ALTER TABLE {parent} DETACH PARTITION {} CONCURRENTLY", qualified(&old.schema, &old.name));
    let statement = Statement::new(&old.key(), sql).run(Run::Outside).lock(LockLevel::ShareUpdateExclusive).slow();
    Some(statement.reason("DROP TABLE would lock the parent of an attached partition"))
}

/// Returns the statement that detaches a partition before it is dropped, if foreign keys refer to the parent: the server drops no
/// attached partition then, but detaches one if no row refers to its rows.
pub fn detach_referred_to(old: &Table) -> Option<Statement> {
    let statement = detached_from(old, old.partition_of.as_ref()?);
    let statement = statement.hazard(Hazard::FullTableScan).hazard(Hazard::MayFailOnData).slow();
    Some(statement.reason("foreign keys refer to the parent: no row may refer to the rows of the partition"))
}

/// Returns the statement that removes the inheritance from a parent.
pub fn no_inherit(table: &Table, parent: &RelationName) -> Statement {
    let sql = format!("{} NO INHERIT {}", relation(table), qualified(&parent.schema, &parent.name));
    Statement::new(&table.key(), sql).lock(LockLevel::AccessExclusive).of_all_columns()
}

fn change(old: &Table, new: &Table, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let key = new.key();
    let alter = relation(new);
    let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
    let [were, are] = [old, new].map(|table| By::of(&table.inherits, |parent| (&parent.schema, &parent.name)));
    for parent in old.inherits.iter().filter(|parent| !are.has(&(&parent.schema, &parent.name))) {
        // A dropped parent can have no children left.
        out.push(no_inherit(new, parent));
    }
    if old.of_type != new.of_type && old.of_type.is_some() {
        out.push(exclusive(format!("{alter} NOT OF")).of_all_columns());
    }
    column::change(old, new, &alter, sides, out);
    if old.of_type != new.of_type
        && let Some(of_type) = &new.of_type
    {
        out.push(exclusive(format!("{alter} OF {of_type}")).of_all_columns());
    }
    for parent in new.inherits.iter().filter(|parent| !were.has(&(&parent.schema, &parent.name))) {
        out.push(exclusive(format!("{alter} INHERIT {}", qualified(&parent.schema, &parent.name))).of_all_columns());
    }
    if old.persistence != new.persistence {
        let unlogged = new.persistence == Persistence::Unlogged;
        let word = if unlogged { "UNLOGGED" } else { "LOGGED" };
        let statement = exclusive(format!("{alter} SET {word}")).rewrites(new.key().identity());
        let reason = "an unlogged table is empty after a crash, and on standby servers";
        out.push(if unlogged { statement.hazard(Hazard::Correctness).reason(reason) } else { statement });
        other_sequences(new, sides, out);
    }
    if old.access_method != new.access_method {
        let method = new.access_method.as_deref().unwrap_or("heap");
        out.push(exclusive(format!("{alter} SET ACCESS METHOD {}", ident(method))).rewrites(new.key().identity()));
    }
    if old.tablespace != new.tablespace && sides.options.tablespaces {
        let tablespace = new.tablespace.as_deref().unwrap_or("pg_default");
        out.push(exclusive(format!("{alter} SET TABLESPACE {}", ident(tablespace))).rewrites(new.key().identity()));
    }
    parameters(&key, &alter, "", &old.options, &new.options, out);
    parameters(&key, &alter, "toast.", &old.toast_options, &new.toast_options, out);
    foreign_options(old, new, &alter, out);
    replica_identity(old, new, &alter, out);
    row_security(old, new, &alter, out);
}

/// Appends the statements for sequences that the table's SET LOGGED or SET UNLOGGED must not change (since 15).
fn other_sequences(table: &Table, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    const SINCE: u32 = 150_000;
    if sides.new.model.server_version_num < SINCE {
        return;
    }
    let unlogged = table.persistence == Persistence::Unlogged;
    for sequence in sides.new.sequences_of(table).iter().filter(|sequence| sequence.unlogged != unlogged) {
        // Other new sequences are created after the table's change.
        if sequence.identity || sides.old.sequence(&sequence.schema, &sequence.name).is_some() {
            out.push(sequence::set_logged(sequence));
        }
    }
}

fn foreign_options(old: &Table, new: &Table, alter: &str, out: &mut Vec<Statement>) {
    if let (Some(from), Some(to)) = (&old.foreign, &new.foreign)
        && let Some(changes) = option_changes(&from.options, &to.options)
    {
        out.push(Statement::new(&new.key(), format!("{alter} OPTIONS ({changes})")));
    }
}

fn replica_identity(old: &Table, new: &Table, alter: &str, out: &mut Vec<Statement>) {
    if old.replica_identity == new.replica_identity {
        return;
    }
    let word = match new.replica_identity {
        ReplicaIdentity::Default => "DEFAULT",
        ReplicaIdentity::Nothing => "NOTHING",
        ReplicaIdentity::Full => "FULL",
        // The index has a statement for it.
        ReplicaIdentity::Index => return,
    };
    out.push(Statement::new(&new.key(), format!("{alter} REPLICA IDENTITY {word}")).lock(LockLevel::AccessExclusive));
}

fn row_security(old: &Table, new: &Table, alter: &str, out: &mut Vec<Statement>) {
    let switches = [
        (old.row_security, new.row_security, "ENABLE", "DISABLE"),
        (old.force_row_security, new.force_row_security, "FORCE", "NO FORCE"),
    ];
    for (was, is, on, off) in switches {
        if was != is {
            let sql = format!("{alter} {} ROW LEVEL SECURITY", if is { on } else { off });
            out.push(Statement::new(&new.key(), sql).lock(LockLevel::AccessExclusive).hazard(Hazard::AuthzUpdate));
        }
    }
}
