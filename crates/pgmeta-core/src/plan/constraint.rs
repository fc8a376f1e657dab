//! Changing constraints of tables, and creating them on tables that are in use.

use crate::ident::{ident, ident_list, qualified};
use crate::model::{Constraint, ConstraintIndex, ConstraintKind, Object, ObjectRef};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::print::render_all;
use crate::plan::step::{Hazard, LockLevel, Run, Statement};

impl Alter for Constraint {
    fn strategy(&self, new: &Self, sides: &Sides<'_>) -> Strategy {
        // The parent's statements change an inherited constraint.
        if self.inherited && new.inherited {
            return Strategy::Alter;
        }
        let own = |constraint: &Constraint| {
            let mut bare = constraint.clone();
            bare.not_valid = new.not_valid;
            if bare.kind == ConstraintKind::ForeignKey
                && !(bare.on_partitioned && sides.new.model.server_version_num < 160_000)
            {
                bare.deferrable = new.deferrable;
                bare.initially_deferred = new.initially_deferred;
            }
            if let Some(index) = &mut bare.index {
                let include = std::mem::take(&mut index.include);
                let distinct = index.nulls_not_distinct;
                **index = ConstraintIndex { include, nulls_not_distinct: distinct, ..ConstraintIndex::default() };
            }
            crate::diff::normalized_attributes(ObjectRef::Constraint(&bare))
        };
        let invalidated = new.not_valid && !self.not_valid;
        let attached = |constraint: &Constraint| constraint.index.as_ref().and_then(|index| index.attached_to.clone());
        if own(self) != own(new) || invalidated || attached(self) != attached(new) {
            Strategy::Replace
        } else {
            Strategy::Alter
        }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let table = qualified(&new.schema, &new.table);
        let name = ident(&new.name);
        if self.deferrable != new.deferrable || self.initially_deferred != new.initially_deferred {
            let words = match (new.deferrable, new.initially_deferred) {
                (true, true) => "DEFERRABLE INITIALLY DEFERRED",
                (true, false) => "DEFERRABLE INITIALLY IMMEDIATE",
                _ => "NOT DEFERRABLE",
            };
            let sql = format!("ALTER TABLE {table} ALTER CONSTRAINT {name} {words}");
            out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive));
        }
        if self.not_valid && !new.not_valid {
            out.push(validate(new));
        }
        if let (Some(was), Some(is)) = (&self.index, &new.index) {
            let index = qualified(&new.schema, &new.name);
            let alter = format!("ALTER INDEX {index}");
            crate::plan::parameters::parameters(&key, &alter, "", &was.options, &is.options, out);
            crate::plan::index::tablespace(&key, &index, &was.tablespace, &is.tablespace, sides, out);
            crate::plan::index::statistics(&key, &index, &was.statistics_targets, &is.statistics_targets, out);
            let append_table_attributes = [(was.clustered, is.clustered), (was.replica_identity, is.replica_identity)];
            crate::plan::index::append_table_attributes(&key, &table, &name, "TABLE", append_table_attributes, out);
            let target = format!("INDEX {index}");
            crate::plan::shared::comment(&key, &target, was.comment.as_deref(), is.comment.as_deref(), sides, out);
        }
    }
}

fn validate(constraint: &Constraint) -> Statement {
    let table = qualified(&constraint.schema, &constraint.table);
    let sql = format!("ALTER TABLE {table} VALIDATE CONSTRAINT {}", ident(&constraint.name));
    let lock = match constraint.kind {
        ConstraintKind::ForeignKey => LockLevel::RowShare.max(LockLevel::ShareUpdateExclusive),
        _ => LockLevel::ShareUpdateExclusive,
    };
    let statement = Statement::new(&constraint.key(), sql).lock(lock).hazard(Hazard::FullTableScan).slow();
    statement
        .hazard(Hazard::MayFailOnData)
        .run(Run::Alone)
        .reason("reads the table while other sessions read and write it")
}

/// Returns the statement that drops a constraint, or `None` if it is dropped with its parent's. `alone`: its table is no longer a
/// partition.
pub fn drop(constraint: &Constraint, alone: bool) -> Option<Statement> {
    let attached = !alone && constraint.index.as_ref().is_some_and(|index| index.attached_to.is_some());
    if constraint.inherited || attached {
        return None;
    }
    let keyword = constraint.table_keyword();
    let table = qualified(&constraint.schema, &constraint.table);
    let sql = format!("ALTER {keyword} {table} DROP CONSTRAINT {}", ident(&constraint.name));
    let statement = Statement::new(&constraint.key(), sql).lock(LockLevel::AccessExclusive);
    Some(if constraint.index.is_some() { statement.hazard(Hazard::IndexDropped) } else { statement })
}

/// Returns a constraint under the temporary name that it has until the constraint that it replaces is dropped.
pub fn successor(constraint: &Constraint) -> Constraint {
    let name = crate::plan::names::helper(&[&constraint.name], "new");
    Constraint { name: name.into(), ..constraint.clone() }
}

/// Appends the statements that create a constraint on a table in use: NOT VALID first, and then VALIDATE while other sessions work.
/// `replaces`: a constraint of its name exists, and guards the rows until then.
pub fn create_online(constraint: &Constraint, replaces: bool, sides: &Sides<'_>, out: &mut Vec<Statement>) -> bool {
    let supported = match constraint.kind {
        ConstraintKind::Check => !constraint.on_foreign,
        ConstraintKind::ForeignKey => !(constraint.on_partitioned && sides.new.model.server_version_num < 180_000),
        ConstraintKind::PrimaryKey | ConstraintKind::Unique => {
            return sides.options.concurrently && create_by_index(constraint, replaces, sides, out);
        }
        ConstraintKind::Exclusion => false,
    };
    if !supported || constraint.not_valid || constraint.not_enforced || constraint.inherited {
        return false;
    }
    let created = if replaces { successor(constraint) } else { constraint.clone() };
    let unchecked = Constraint { not_valid: true, ..created.clone() };
    let lock = match constraint.kind {
        ConstraintKind::ForeignKey => LockLevel::ShareRowExclusive,
        _ => LockLevel::AccessExclusive,
    };
    let add = render_all(&unchecked, sides).into_iter().next();
    let key = constraint.key();
    let add = add.map(|sql| Statement::new(&created.key(), sql).lock(lock).run(Run::Alone));
    out.extend(add.into_iter().chain([validate(&created)]).map(|statement| statement.needs_of(key.clone())));
    if replaces {
        let (table, name) = (qualified(&constraint.schema, &constraint.table), ident(&constraint.name));
        let sql = format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {name}", ident(&created.name));
        let statement = Statement::new(&key, sql).lock(LockLevel::AccessExclusive).needs(created.key());
        out.push(statement.reason("it replaces the old constraint"));
    }
    out.extend(after(constraint, sides));
    true
}

/// Appends the statements that build the index concurrently, and then create the constraint with this index.
fn create_by_index(constraint: &Constraint, replaces: bool, sides: &Sides<'_>, out: &mut Vec<Statement>) -> bool {
    let Some(index) = &constraint.index else { return false };
    if constraint.on_partitioned || constraint.on_foreign || constraint.excludes() {
        return false;
    }
    let key = constraint.key();
    let table = qualified(&constraint.schema, &constraint.table);
    let (built, built_key) = match replaces {
        true => {
            let successor = successor(constraint);
            (ident(&successor.name), successor.index_key())
        }
        false => (ident(&constraint.name), key.clone()),
    };
    let mut build =
        format!("CREATE UNIQUE INDEX CONCURRENTLY {built} ON {table} ({})", ident_list(&constraint.columns));
    if !index.include.is_empty() {
        build += &format!(" INCLUDE ({})", ident_list(&index.include));
    }
    if index.nulls_not_distinct {
        build += " NULLS NOT DISTINCT";
    }
    build += &crate::ddl::settings::storage_parameters(&index.options, &[]);
    build += &sides.new.tablespace(index.tablespace.as_ref());
    let build = Statement::new(&built_key, build).run(Run::Outside).hazard(Hazard::IndexBuild).slow();
    out.push(build.needs_of(key.clone()).lock(LockLevel::ShareUpdateExclusive).hazard(Hazard::MayFailOnData));
    out.push(by_index(constraint, &built).needs(built_key));
    out.extend(after(constraint, sides));
    true
}

/// Returns the statements that create a constraint with the existing index of its name.
pub fn adopt_index(constraint: &Constraint, sides: &Sides<'_>) -> Vec<Statement> {
    let created =
        by_index(constraint, &ident(&constraint.name)).reason("the constraint uses the existing index of this name");
    [created].into_iter().chain(after(constraint, sides)).collect()
}

/// Returns the statement that creates a constraint with an existing index.
fn by_index(constraint: &Constraint, index: &str) -> Statement {
    let (table, name) = (qualified(&constraint.schema, &constraint.table), ident(&constraint.name));
    let word = if constraint.kind == ConstraintKind::PrimaryKey { "PRIMARY KEY" } else { "UNIQUE" };
    let mut sql = format!("ALTER TABLE {table} ADD CONSTRAINT {name} {word} USING INDEX {index}");
    if constraint.deferrable {
        sql += " DEFERRABLE";
    }
    if constraint.initially_deferred {
        sql += " INITIALLY DEFERRED";
    }
    Statement::new(&constraint.key(), sql).lock(LockLevel::AccessExclusive)
}

/// Returns the statements after the creation of a constraint: its comment, and the table's attributes of its index.
fn after(constraint: &Constraint, sides: &Sides<'_>) -> impl Iterator<Item = Statement> {
    let key = constraint.key();
    render_all(constraint, sides).into_iter().skip(1).map(move |sql| Statement::new(&key, sql))
}
