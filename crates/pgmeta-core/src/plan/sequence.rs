//! Changing sequences, also those of identity columns.

use crate::ddl::Part;
use crate::ident::{Name, ident, literal, qualified};
use crate::model::{Object, ObjectKey, ObjectRef, Sequence, Structure, Table};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::create::without_defaults;
use crate::plan::print::render_create;
use crate::plan::shared;
use crate::plan::step::{Hazard, LockLevel, Statement};

impl Alter for Sequence {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        // A column that becomes an identity column, or stops being one, changes its sequence.
        Strategy::Alter
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let name = qualified(&new.schema, &new.name);
        if self.identity && !new.identity {
            // It was dropped with the identity.
            out.extend(render_create(new, sides).into_iter().map(|sql| Statement::new(&key, sql)));
            // A column can only own a sequence that has the same owner as its table.
            let owner = if sides.options.owner { &new.owner } else { &self.owner };
            let owner = owner.as_ref().map(|owner| format!("ALTER SEQUENCE {name} OWNER TO {}", ident(owner)));
            out.extend(owner.map(|sql| Statement::new(&key, sql).hazard(Hazard::AuthzUpdate)));
            append_attributes(new, sides, out);
            continue_from(&key, &name, &former(self), out);
            return;
        }
        if self.identity != new.identity {
            return;
        }
        let mut changes = Vec::new();
        if self.data_type != new.data_type {
            changes.push(format!("AS {}", new.data_type));
        }
        let numbers = [
            (self.start, new.start, "START WITH"),
            (self.increment, new.increment, "INCREMENT BY"),
            (self.min, new.min, "MINVALUE"),
            (self.max, new.max, "MAXVALUE"),
            (self.cache, new.cache, "CACHE"),
        ];
        // A new type moves the bounds, unless the statement sets them.
        let bounds = self.data_type != new.data_type;
        for (was, is, words) in numbers {
            if was != is || (bounds && matches!(words, "MINVALUE" | "MAXVALUE")) {
                changes.push(format!("{words} {is}"));
            }
        }
        let place = Place::of(self, new);
        if place == Place::Lost {
            changes.push("RESTART".to_owned());
        }
        if self.cycle != new.cycle {
            changes.push(if new.cycle { "CYCLE" } else { "NO CYCLE" }.to_owned());
        }
        if !changes.is_empty() {
            let sql = format!("ALTER SEQUENCE {name} {}", changes.join(" "));
            let statement = Statement::new(&key, sql).lock(LockLevel::ShareRowExclusive);
            let reason = "fails if the last value is beyond the new bounds";
            match place {
                Place::Stays => out.push(statement),
                Place::MayBeBeyond => out.push(statement.hazard(Hazard::MayFailOnData).reason(reason)),
                Place::MovesUp { reaches_end } => {
                    out.push(move_within(&key, &name, new));
                    let fails = |statement: Statement| statement.hazard(Hazard::MayFailOnData).reason(reason);
                    out.push(if reaches_end { fails(statement) } else { statement });
                }
                Place::Lost => {
                    let reason =
                        format!("no old value is within the new bounds: the sequence starts at {} again", new.start);
                    out.push(statement.hazard(Hazard::Correctness).reason(reason));
                }
            }
        }
        if self.unlogged != new.unlogged && !follows_table_persistence(self, new, sides) {
            out.push(set_logged(new));
        }
    }

    fn alter_part(&self, new: &Self, part: Part, _sides: &Sides<'_>, out: &mut Vec<Statement>) {
        if part == Part::OwnedBy && (self.owned_by != new.owned_by || self.identity) {
            out.extend(owned(new));
        }
    }
}

/// The effect of new bounds on the last value of a sequence.
#[derive(PartialEq)]
enum Place {
    Stays,
    /// The value may be beyond the bound at the end: then the statement fails.
    MayBeBeyond,
    /// The value may be before the bound at the start: the plan moves it there.
    MovesUp {
        reaches_end: bool,
    },
    /// No old value is within the new bounds.
    Lost,
}

impl Place {
    fn of(old: &Sequence, new: &Sequence) -> Self {
        let (starts_later, ends_sooner) = match new.increment > 0 {
            true => (new.min > old.min, new.max < old.max),
            false => (new.max < old.max, new.min > old.min),
        };
        if new.min > old.max || new.max < old.min {
            Self::Lost
        } else if starts_later {
            Self::MovesUp { reaches_end: ends_sooner }
        } else if ends_sooner {
            Self::MayBeBeyond
        } else {
            Self::Stays
        }
    }
}

/// Returns the statement that moves the value of a sequence to the first one within its new bounds, if it is outside.
fn move_within(key: &ObjectKey, name: &str, new: &Sequence) -> Statement {
    let (first, is_within) = match new.increment > 0 {
        true => (format!("GREATEST(last_value, {})", new.min), format!("last_value >= {}", new.min)),
        false => (format!("LEAST(last_value, {})", new.max), format!("last_value <= {}", new.max)),
    };
    let sql = format!("SELECT pg_catalog.setval({}, {first}, is_called AND {is_within}) FROM {name}", literal(name));
    Statement::new(key, sql).reason("the sequence continues within the new bounds")
}

/// Appends the attributes of a new sequence, except its owner.
pub fn append_attributes(new: &Sequence, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let (comment, security_labels) = (None, Vec::new());
    let bare = Sequence { comment, security_labels, privileges: None, ..new.clone() };
    out.extend(without_defaults(ObjectRef::Sequence(new), &new.key(), sides));
    shared::alter(&bare, new, sides, out);
}

/// Returns whether the owning table becomes logged or unlogged in place: since 15, the server then changes its sequences, too.
fn follows_table_persistence(old: &Sequence, new: &Sequence, sides: &Sides<'_>) -> bool {
    let Some(owned) = old.owned_by.as_ref().filter(|owned| new.owned_by.as_ref() == Some(*owned)) else { return false };
    let [was, is] = [sides.old, sides.new].map(|side| side.table(&owned.schema, &owned.table));
    let (Some(was), Some(is)) = (was, is) else { return false };
    let in_place =
        was.partition_by.is_none() && is.partition_by.is_none() && was.strategy(is, sides) == Strategy::Alter;
    sides.new.model.server_version_num >= 150_000 && in_place && was.persistence != is.persistence
}

pub fn set_logged(sequence: &Sequence) -> Statement {
    let word = if sequence.unlogged { "UNLOGGED" } else { "LOGGED" };
    let name = qualified(&sequence.schema, &sequence.name);
    Statement::new(&sequence.key(), format!("ALTER SEQUENCE {name} SET {word}"))
}

/// Returns the statement that makes a column the owner of a sequence.
pub fn owned(sequence: &Sequence) -> Option<Statement> {
    let owned = sequence.owned_by.as_ref()?;
    let column = format!("{}.{}", qualified(&owned.schema, &owned.table), ident(&owned.column));
    let sql = format!("ALTER SEQUENCE {} OWNED BY {column}", qualified(&sequence.schema, &sequence.name));
    Some(Statement::new(&sequence.key(), sql))
}

/// Returns the name of the temporary sequence that keeps the value of another one.
pub fn former(sequence: &Sequence) -> String {
    let name = crate::plan::names::helper(&[&sequence.name], "former");
    qualified(&sequence.schema, &Name::from(name))
}

/// Appends the statements that set a sequence to the last value of another one and drop that one.
pub fn continue_from(key: &ObjectKey, sequence: &str, former: &str, out: &mut Vec<Statement>) {
    let name = literal(sequence);
    let sql = format!("SELECT pg_catalog.setval({name}, last_value, is_called) FROM {former}");
    out.push(Statement::new(key, sql).reason("the sequence continues from the last value of the former one"));
    out.push(Statement::new(key, format!("DROP SEQUENCE {former}")));
}

/// Returns the statement that sets a sequence to the greatest value of a column.
pub fn continue_after_rows(key: &ObjectKey, sequence: &Sequence, table: &Table, column: &Name) -> Statement {
    let name = literal(&qualified(&sequence.schema, &sequence.name));
    let (column, table) = (ident(column), qualified(&table.schema, &table.name));
    let sql =
        format!("SELECT pg_catalog.setval({name}, GREATEST(max({column}), 1), max({column}) IS NOT NULL) FROM {table}");
    Statement::new(key, sql).reason("the sequence continues after the greatest value of the column")
}

/// Appends the statements that save the value of an identity column's sequence in another sequence.
pub fn save_sequence_value(old: &Sequence, out: &mut Vec<Statement>) {
    let (key, name, former) = (old.key(), qualified(&old.schema, &old.name), former(old));
    if let Some(table) = old.parent() {
        let is_locked =
            |statement: &Statement| statement.key == table && statement.lock == Some(LockLevel::AccessExclusive);
        if !out.iter().any(is_locked) {
            let lock = Statement::new(&key, format!("LOCK TABLE {} IN ACCESS EXCLUSIVE MODE", table.identity()));
            out.push(
                lock.lock(LockLevel::AccessExclusive).reason("blocks inserts, which would use values of the sequence"),
            );
        }
    }
    out.push(Statement::new(&key, format!("CREATE SEQUENCE {former} MINVALUE {} MAXVALUE {}", old.min, old.max)));
    let sql = format!("SELECT pg_catalog.setval({}, last_value, is_called) FROM {name}", literal(&former));
    out.push(Statement::new(&key, sql).reason("saves the value, because the sequence is dropped with the identity"));
}

/// Appends the statements that keep a sequence when the column that owns it is dropped, or stops being an identity column.
pub fn release(old: &Sequence, new: &Sequence, is_owner_dropped: bool, out: &mut Vec<Statement>) {
    let key = old.key();
    let name = qualified(&old.schema, &old.name);
    if old.identity && !new.identity {
        let Some(owned) = &old.owned_by else { return };
        save_sequence_value(old, out);
        let table = qualified(&owned.schema, &owned.table);
        let sql = format!("ALTER TABLE {table} ALTER COLUMN {} DROP IDENTITY", ident(&owned.column));
        out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive));
    } else if !old.identity
        && old.owned_by.is_some()
        && (is_owner_dropped || (!new.identity && old.owned_by != new.owned_by))
    {
        out.push(Statement::new(&key, format!("ALTER SEQUENCE {name} OWNED BY NONE")));
    }
}
