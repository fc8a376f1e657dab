//! Changing the columns of tables.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ddl::column as ddl;
use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::{Column, Grant, NotNull, Object, ObjectKey, Table};
use crate::plan::alter::{Loss, Sides};
use crate::plan::shared;
use crate::plan::step::{Hazard, LockLevel, Run, Statement};

/// Returns whether the column can only be made anew: nothing gives a column another generation expression (before 17).
fn remade(old: &Column, new: &Column) -> bool {
    match (old.generated, new.generated) {
        (None, None) => false,
        // Dropping an expression leaves a plain column behind.
        (Some(_), None) => false,
        (None, Some(_)) => true,
        (Some(was), Some(is)) => {
            let expression = |column: &Column| column.default.as_deref().map(crate::diff::expression);
            was != is || expression(old) != expression(new)
        }
    }
}

fn retyped(old: &Column, new: &Column) -> bool {
    old.data_type != new.data_type || old.collation != new.collation
}

/// Returns the columns that others must let go of.
pub fn losses(old: &Table, new: &Table, sides: &Sides<'_>) -> Vec<Loss> {
    let loss = |column: &Column, retyped| Loss { column: column.name.clone(), retyped };
    let of = |column: &Column| match sides.new.column(new, &column.name) {
        None => Some(loss(column, false)),
        Some(other) if remade(column, other) => Some(loss(column, false)),
        Some(other) if retyped(column, other) => Some(loss(column, true)),
        Some(_) => None,
    };
    old.columns.iter().inspect(|_| check()).filter_map(|column| of(column)).collect()
}

/// Appends the statements that change the columns that a table itself has.
pub fn change(old: &Table, new: &Table, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let key = new.key();
    drops(old, new, alter, sides, out);
    let revoked = revoked(old, new);
    for (position, column) in new.columns.iter().enumerate() {
        check();
        match sides.old.column(old, &column.name).filter(|was| !remade(was, column)) {
            None => add(new, position, alter, sides, out),
            Some(was) => {
                one(old, was, new, position, alter, sides, out);
                let owner = new.owner.as_ref();
                let was = without(&revoked, was);
                shared::column(&key, &qualified(&new.schema, &new.name), owner, (&was, column), sides, out);
            }
        }
    }
}

/// Returns who loses a privilege on the whole table: taking it takes it on the columns too.
fn revoked<'m>(old: &'m Table, new: &'m Table) -> FxHashSet<&'m Option<Name>> {
    let grants = |table: &'m Table| table.privileges.iter().flatten();
    let mut left: FxHashMap<_, Vec<&Grant>> = FxHashMap::default();
    for grant in grants(new) {
        left.entry((&grant.grantee, &grant.grantor)).or_default().push(grant);
    }
    let loses = |grant: &&Grant| {
        check();
        let own = left.get(&(&grant.grantee, &grant.grantor));
        !own.is_some_and(|own| own.iter().any(|other| other.privileges.is_superset(&grant.privileges)))
    };
    grants(old).filter(loses).map(|grant| &grant.grantee).collect()
}

/// Returns the column as it is when those have lost their privileges on it, which are granted again then.
fn without(revoked: &FxHashSet<&Option<Name>>, column: &Column) -> Column {
    let mut column = column.clone();
    if let Some(list) = &mut column.privileges {
        *list = list.iter().filter(|grant| !revoked.contains(&grant.grantee)).cloned().collect();
    }
    column
}

fn drops(old: &Table, new: &Table, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let key = new.key();
    let gone = |column: &&Column| {
        !column.inherited && sides.new.column(new, &column.name).is_none_or(|other| remade(column, other))
    };
    // What is generated from other columns goes before them.
    let mut dropped: Vec<&Column> = old.columns.iter().map(|column| &**column).filter(gone).collect();
    dropped.sort_by_key(|column| column.generated.is_none());
    for column in dropped {
        check();
        let remade = sides.new.column(new, &column.name).is_some();
        if !remade && !sides.options.drops {
            continue;
        }
        let sql = format!("{alter} DROP COLUMN {}", ident(&column.name));
        let statement = Statement::new(&key, sql).lock(LockLevel::AccessExclusive).hazard(Hazard::DeletesData);
        let why = "a generation expression cannot be changed in place";
        out.push(if remade { statement.reason(why) } else { statement });
    }
}

fn add(table: &Table, position: usize, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let column = &table.columns[position];
    let key = table.key();
    if column.inherited {
        // It comes with the parent's; what it says itself is said afterwards.
        if let Some(default) = own_default(column) {
            out.push(set_default(&key, alter, column, default));
        }
    } else {
        let sql = format!("{alter} ADD COLUMN {}", ddl::definition(table, position, sides.new));
        let mut statement = Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
        if column.generated.is_some() || column.identity.is_some() || column.default.as_deref().is_some_and(volatile) {
            statement = statement.rewrites(key.identity());
        } else if column.not_null.is_some() && column.default.is_none() {
            statement = statement.hazard(Hazard::MayFailOnData);
        }
        out.push(statement);
    }
    let mut script = crate::ddl::Script::default();
    ddl::storage_statements(alter, [&**column], &mut script);
    let relation = qualified(&table.schema, &table.name);
    let (on, owner) = (format!("TABLE {relation}"), table.owner.as_ref());
    crate::ddl::shared::columns(sides.new, &relation, &on, owner, [&**column], &mut script);
    out.extend(script.into_statements().into_iter().map(|sql| Statement::new(&key, sql)));
}

/// Returns whether an expression may give each row another value: anything that calls a function may.
fn volatile(expression: &str) -> bool {
    expression.contains('(') && !matches!(expression, "now()" | "CURRENT_TIMESTAMP" | "('now'::text)::date")
}

/// Returns the default that a column says itself.
fn own_default(column: &Column) -> Option<&str> {
    column.default.as_deref().filter(|_| column.generated.is_none())
}

/// Returns whether changing a column says its default, where it has one.
pub fn sets_default(old: &Column, new: &Column) -> bool {
    let changed = own_default(old).map(crate::diff::expression) != own_default(new).map(crate::diff::expression);
    changed || (retyped(old, new) && !new.inherited)
}

fn set_default(key: &ObjectKey, alter: &str, column: &Column, default: &str) -> Statement {
    let sql = format!("{alter} ALTER COLUMN {} SET DEFAULT {default}", ident(&column.name));
    Statement::new(key, sql).lock(LockLevel::AccessExclusive)
}

/// Appends the default that could not be said with its column, because what it needs needs the table.
pub fn late_default(old: &Table, new: &Table, position: usize, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let Some(column) = new.columns.get(position) else { return };
    if let Some(default) = own_default(column)
        && sides.old.column(old, &column.name).is_none_or(|was| sets_default(was, column))
    {
        out.push(set_default(&new.key(), &crate::plan::table::relation(new), column, default));
    }
}

/// Appends the changes of a column that both sides have.
fn one(
    old_table: &Table,
    old: &Column,
    table: &Table,
    position: usize,
    alter: &str,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    let new = &table.columns[position];
    let key = table.key();
    let name = ident(&new.name);
    let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
    if old.generated.is_some() && new.generated.is_none() && !new.inherited {
        out.push(exclusive(format!("{alter} ALTER COLUMN {name} DROP EXPRESSION")));
    }
    let was = own_default(old);
    let is = own_default(new);
    let gets_type = retyped(old, new);
    let retyped = gets_type && !new.inherited;
    let changed = was.map(crate::diff::expression) != is.map(crate::diff::expression);
    // A default of the old type may have no cast to the new one, and an identity column may have none.
    if was.is_some() && (retyped || new.identity.is_some() || (changed && is.is_none())) {
        out.push(exclusive(format!("{alter} ALTER COLUMN {name} DROP DEFAULT")));
    }
    // A sequence that stays has seen to the identity already.
    let kept = sides.old.identity_sequence(old_table, &old.name);
    let kept = kept.is_some_and(|sequence| sides.new.sequence(&sequence.schema, &sequence.name).is_some());
    if old.identity.is_some() && new.identity.is_none() && !kept {
        out.push(exclusive(format!("{alter} ALTER COLUMN {name} DROP IDENTITY")));
    }
    if retyped {
        retype(old, table, new, alter, out);
    }
    identity(old, table, new, alter, sides, out);
    not_null(old, table, new, alter, sides, out);
    let separate = sides.new.plan.is_separate_default(|| key.clone(), position);
    if let Some(default) = is
        && sets_default(old, new)
        && !separate
    {
        out.push(set_default(&key, alter, new, default));
    }
    if gets_type {
        // A new type comes with its own storage and without compression.
        storage(&key, &Column { storage: None, compression: None, ..old.clone() }, new, alter, out);
    } else {
        storage(&key, old, new, alter, out);
    }
    if let Some(changes) = crate::plan::table::option_changes(&old.foreign_options, &new.foreign_options) {
        out.push(Statement::new(&key, format!("{alter} ALTER COLUMN {name} OPTIONS ({changes})")));
    }
}

fn retype(old: &Column, table: &Table, new: &Column, alter: &str, out: &mut Vec<Statement>) {
    let name = ident(&new.name);
    let collation = new.collation.as_ref().map_or_else(String::new, |collation| format!(" COLLATE {collation}"));
    let using = if new.generated.is_some() || table.foreign.is_some() {
        String::new()
    } else {
        format!(" USING {}", crate::plan::casts::expression(&name, &old.data_type, &new.data_type))
    };
    let sql = format!("{alter} ALTER COLUMN {name} TYPE {}{collation}{using}", new.data_type);
    let statement = Statement::new(&table.key(), sql).lock(LockLevel::AccessExclusive);
    let statement = statement.reason(format!("the type was {}", old.data_type));
    let keeps = crate::plan::casts::keeps_values(&old.data_type, &new.data_type);
    let statement = if keeps { statement } else { statement.hazard(Hazard::MayFailOnData) };
    let same = keeps && old.collation == new.collation;
    out.push(if same { statement } else { statement.rewrites(table.key().identity()) });
}

/// Appends what makes a column an identity column, or changes how it is one.
fn identity(old: &Column, table: &Table, new: &Column, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let Some(kind) = new.identity else { return };
    let key = table.key();
    let name = ident(&new.name);
    let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
    if old.identity.is_some() {
        if old.identity != new.identity {
            out.push(exclusive(format!("{alter} ALTER COLUMN {name} SET GENERATED {}", kind.word())));
        }
        return;
    }
    if old.not_null.is_none() {
        out.push(exclusive(format!("{alter} ALTER COLUMN {name} SET NOT NULL")).hazard(Hazard::MayFailOnData));
    }
    let Some(sequence) = sides.new.identity_sequence(table, &new.name) else { return };
    let own = qualified(&sequence.schema, &sequence.name);
    let former = sides.old.serial_sequence(table, &new.name).map(|former| {
        // The identity's sequence may have its name, and goes on where it stopped.
        let before = qualified(&former.schema, &former.name);
        let aside = crate::plan::names::helper(&[&former.name], "former");
        out.push(exclusive(format!("ALTER SEQUENCE {before} OWNED BY NONE")));
        out.push(exclusive(format!("ALTER SEQUENCE {before} RENAME TO {}", ident(&aside))));
        crate::plan::sequence::former(former)
    });
    if let Some(clause) = ddl::identity(table, new, sides.new) {
        out.push(exclusive(format!("{alter} ALTER COLUMN {name} ADD {clause}")));
    }
    match former {
        Some(former) => crate::plan::sequence::continue_from(&key, &own, &former, out),
        None => {
            let literal = crate::ident::literal(&own);
            let relation = qualified(&table.schema, &table.name);
            let sql = format!(
                "SELECT pg_catalog.setval({literal}, GREATEST(max({name}), 1), max({name}) IS NOT NULL) FROM {relation}"
            );
            out.push(Statement::new(&key, sql).slow().reason("the numbers go on after the greatest there is"));
        }
    }
}

fn not_null(old: &Column, table: &Table, new: &Column, alter: &str, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let key = table.key();
    let name = ident(&new.name);
    let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
    match (&old.not_null, &new.not_null) {
        (Some(was), None) if !was.inherited => {
            out.push(exclusive(format!("{alter} ALTER COLUMN {name} DROP NOT NULL")));
        }
        (None, Some(is)) if !is.inherited && old.identity.is_none() && new.identity.is_none() => {
            set_not_null(&key, table, new, is, alter, sides, out);
        }
        _ => {}
    }
}

/// Appends SET NOT NULL, in the form that reads the table without keeping everybody from it.
fn set_not_null(
    key: &ObjectKey,
    table: &Table,
    column: &Column,
    constraint: &NotNull,
    alter: &str,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    let name = ident(&column.name);
    if constraint.not_valid || constraint.no_inherit || constraint.name.is_some() {
        let (chosen, flags) = (ddl::not_null_name(table, column, constraint), not_null_flags(constraint));
        let sql = format!("{alter} ADD CONSTRAINT {chosen} NOT NULL {name}{flags}");
        out.push(Statement::new(key, sql).lock(LockLevel::AccessExclusive).hazard(Hazard::MayFailOnData));
        return;
    }
    let set = format!("{alter} ALTER COLUMN {name} SET NOT NULL");
    if table.foreign.is_some() {
        out.push(Statement::new(key, set));
        return;
    }
    if sides.is_small(key) {
        let statement = Statement::new(key, set).lock(LockLevel::AccessExclusive);
        out.push(statement.hazard(Hazard::MayFailOnData));
        return;
    }
    let helper = ident(&crate::plan::names::helper(&[&table.name, &column.name], "not_null_check"));
    let add = format!("{alter} ADD CONSTRAINT {helper} CHECK ({name} IS NOT NULL) NOT VALID");
    out.push(Statement::new(key, add).lock(LockLevel::AccessExclusive).run(Run::Alone));
    let validate = Statement::new(key, format!("{alter} VALIDATE CONSTRAINT {helper}"));
    let validate = validate.lock(LockLevel::ShareUpdateExclusive).hazard(Hazard::FullTableScan).slow();
    let why = "reads the table while others read and write it";
    out.push(validate.hazard(Hazard::MayFailOnData).run(Run::Alone).reason(why));
    let set = Statement::new(key, set).lock(LockLevel::AccessExclusive);
    out.push(set.reason("the valid check saves reading the table again"));
    let drop = Statement::new(key, format!("{alter} DROP CONSTRAINT {helper}"));
    out.push(drop.lock(LockLevel::AccessExclusive));
}

fn not_null_flags(constraint: &NotNull) -> String {
    let no_inherit = if constraint.no_inherit { " NO INHERIT" } else { "" };
    let not_valid = if constraint.not_valid { " NOT VALID" } else { "" };
    format!("{no_inherit}{not_valid}")
}

pub(crate) fn storage(key: &ObjectKey, old: &Column, new: &Column, alter: &str, out: &mut Vec<Statement>) {
    let column = format!("{alter} ALTER COLUMN {}", ident(&new.name));
    if old.storage != new.storage {
        // The type's own has no name before 16. Of the types that can be stored otherwise, few are MAIN.
        let own = match &*new.data_type {
            "inet" | "cidr" => "MAIN",
            numeric if numeric.starts_with("numeric") => "MAIN",
            _ => "EXTENDED",
        };
        let word = new.storage.map_or(own, |storage| storage.word());
        out.push(Statement::new(key, format!("{column} SET STORAGE {word}")).lock(LockLevel::AccessExclusive));
    }
    if old.compression != new.compression {
        let word = new.compression.map_or("default", |compression| compression.word());
        out.push(Statement::new(key, format!("{column} SET COMPRESSION {word}")).lock(LockLevel::AccessExclusive));
    }
    if old.statistics_target != new.statistics_target {
        let target = new.statistics_target.unwrap_or(-1);
        let sql = format!("{column} SET STATISTICS {target}");
        out.push(Statement::new(key, sql).lock(LockLevel::ShareUpdateExclusive));
    }
    crate::plan::table::parameters(key, &column, "", &old.options, &new.options, out);
}
