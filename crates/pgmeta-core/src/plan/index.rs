//! Changing indexes, and creating and dropping them on tables that are in use.

use crate::ident::{Name, ident, qualified};
use crate::model::{Index, IndexStatistics, Object, ObjectKey, ObjectRef};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::lookup::By;
use crate::plan::names::former;
use crate::plan::parameters::parameters;
use crate::plan::print::render_all;
use crate::plan::step::{Hazard, LockLevel, Run, Statement};

/// Returns an index without the attributes that ALTER can change.
fn without_alterable_attributes(index: &Index) -> Index {
    Index {
        options: Vec::new(),
        tablespace: None,
        clustered: false,
        replica_identity: false,
        statistics_targets: Vec::new(),
        ..index.clone()
    }
}

/// Returns whether each of two indexes of one table can replace the other.
pub fn are_alike(one: &Index, other: &Index) -> bool {
    let own = |index: &Index| {
        let without_alterable_attributes =
            Index { name: Name::from(""), attached_to: None, ..without_alterable_attributes(index) };
        crate::diff::normalized_attributes(ObjectRef::Index(&without_alterable_attributes))
    };
    own(one) == own(other)
}

impl Alter for Index {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        let own =
            |index: &Index| crate::diff::normalized_attributes(ObjectRef::Index(&without_alterable_attributes(index)));
        if own(self) == own(new) { Strategy::Alter } else { Strategy::Replace }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let index = qualified(&new.schema, &new.name);
        let alter = format!("ALTER INDEX {index}");
        parameters(&key, &alter, "", &self.options, &new.options, out);
        tablespace(&key, &index, &self.tablespace, &new.tablespace, sides, out);
        statistics(&key, &index, &self.statistics_targets, &new.statistics_targets, out);
        let keyword = if new.on_materialized_view { "MATERIALIZED VIEW" } else { "TABLE" };
        let marked = [(self.clustered, new.clustered), (self.replica_identity, new.replica_identity)];
        append_table_attributes(&key, &qualified(&new.schema, &new.table), &ident(&new.name), keyword, marked, out);
    }
}

/// Appends SET TABLESPACE where it changes.
pub fn tablespace(
    key: &ObjectKey,
    index: &str,
    old: &Option<Name>,
    new: &Option<Name>,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    if old != new && sides.options.tablespaces {
        let name = ident(new.as_deref().unwrap_or("pg_default"));
        let sql = format!("ALTER INDEX {index} SET TABLESPACE {name}");
        out.push(Statement::new(key, sql).lock(LockLevel::AccessExclusive).slow());
    }
}

/// Appends SET STATISTICS for the columns whose target changes.
pub fn statistics(
    key: &ObjectKey,
    index: &str,
    old: &[IndexStatistics],
    new: &[IndexStatistics],
    out: &mut Vec<Statement>,
) {
    let [olds, news] = [old, new].map(|list| By::of(list, |own| own.column));
    let gone = old.iter().filter(|was| !news.has(&was.column)).map(|was| (was.column, -1));
    let set = new.iter().filter(|is| olds.get(&is.column) != Some(is)).map(|is| (is.column, is.target));
    for (column, target) in gone.chain(set) {
        let sql = format!("ALTER INDEX {index} ALTER COLUMN {column} SET STATISTICS {target}");
        out.push(Statement::new(key, sql).lock(LockLevel::ShareUpdateExclusive));
    }
}

/// Appends the table's attributes of an index: CLUSTER ON and REPLICA IDENTITY.
pub fn append_table_attributes(
    key: &ObjectKey,
    table: &str,
    index: &str,
    keyword: &str,
    [clustered, identity]: [(bool, bool); 2],
    out: &mut Vec<Statement>,
) {
    if clustered.0 != clustered.1 {
        let action = if clustered.1 { format!("CLUSTER ON {index}") } else { "SET WITHOUT CLUSTER".to_owned() };
        let sql = format!("ALTER {keyword} {table} {action}");
        out.push(Statement::new(key, sql).lock(LockLevel::ShareUpdateExclusive));
    }
    // No statement is needed to clear it: the table's new REPLICA IDENTITY replaces it.
    if identity.1 && !identity.0 {
        let sql = format!("ALTER TABLE {table} REPLICA IDENTITY USING INDEX {index}");
        out.push(Statement::new(key, sql).lock(LockLevel::AccessExclusive));
    }
}

/// Returns the statement that drops an index, or `None` if it is dropped with its parent's. `alone`: its table is no longer a
/// partition.
pub fn drop(index: &Index, alone: bool, sides: &Sides<'_>) -> Option<Statement> {
    if index.attached_to.is_some() && !alone {
        return None;
    }
    let name = qualified(&index.schema, &index.name);
    let concurrently =
        sides.options.concurrently && !index.on_partitioned && !sides.forced.in_one_transaction.contains(&index.key());
    Some(dropped(&index.key(), &name, concurrently).hazard(Hazard::IndexDropped))
}

/// Returns the statement that drops an index whose table is recreated.
pub fn drop_with_table(index: &Index) -> Statement {
    dropped(&index.key(), &qualified(&index.schema, &index.name), false).hazard(Hazard::IndexDropped)
}

fn dropped(key: &ObjectKey, name: &str, concurrently: bool) -> Statement {
    if concurrently {
        let statement = Statement::new(key, format!("DROP INDEX CONCURRENTLY {name}"));
        statement.run(Run::Outside).lock(LockLevel::ShareUpdateExclusive).slow()
    } else {
        Statement::new(key, format!("DROP INDEX {name}")).lock(LockLevel::AccessExclusive)
    }
}

/// Returns the statement that renames an old index, which serves queries until its successor is built.
pub fn rename_old_index(index: &Index) -> Statement {
    let sql =
        format!("ALTER INDEX {} RENAME TO {}", qualified(&index.schema, &index.name), ident(&former(&index.name)));
    let reason = "the old index serves queries until its successor is built";
    Statement::new(&index.key(), sql).lock(LockLevel::ShareUpdateExclusive).reason(reason)
}

/// Returns the statement that drops a renamed index.
pub fn drop_old_index(index: &Index) -> Statement {
    let name = qualified(&index.schema, &former(&index.name));
    dropped(&index.key(), &name, true).hazard(Hazard::IndexDropped).reason("its successor is built")
}

/// Returns the statement that drops an invalid index of an interrupted build, whose name a new index or constraint needs.
pub fn drop_invalid(key: &ObjectKey, schema: &str, name: &str, sides: &Sides<'_>) -> Statement {
    let reason = "an interrupted build left this index invalid";
    dropped(key, &qualified(schema, name), sides.options.concurrently).reason(reason)
}

/// Appends the statements that build an index on a table that is in use.
pub fn create_online(index: &Index, sides: &Sides<'_>, out: &mut Vec<Statement>) -> bool {
    if !sides.options.concurrently || index.on_partitioned || index.on_member_of.is_some() {
        return false;
    }
    let key = index.key();
    for (at, sql) in render_all(index, sides).into_iter().enumerate() {
        let statement = if at == 0 {
            let sql = sql.replacen(" INDEX ", " INDEX CONCURRENTLY ", 1);
            let build = Statement::new(&key, sql).run(Run::Outside).lock(LockLevel::ShareUpdateExclusive);
            let build = build.hazard(Hazard::IndexBuild).slow();
            if index.unique { build.hazard(Hazard::MayFailOnData) } else { build }
        } else {
            Statement::new(&key, sql)
        };
        out.push(statement);
    }
    true
}
