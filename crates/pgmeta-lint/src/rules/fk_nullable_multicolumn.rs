//! Rule fk_nullable_multicolumn.

use pgmeta_core::ident::ident_list;
use pgmeta_core::model::{Constraint, ConstraintKind, ForeignKeyMatch, ObjectRef, Table};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Foreign key of several columns, some of them nullable
    ///
    /// Reports foreign keys of several columns with MATCH SIMPLE, which is the default, of which columns may be null. If only one may be
    /// null, the level is info: its null then means that the row refers to nothing. Tables with a check that calls `num_nulls` or
    /// `num_nonnulls` are not reported.
    ///
    /// # Why
    ///
    /// A row with a null in one of the columns is not checked: the values of the others may refer to nothing.
    ///
    /// # Fix
    ///
    /// Declare the columns NOT NULL, use MATCH FULL, which allows nulls in all columns or none, or add a check.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.rooms (house int, room int, PRIMARY KEY (house, room));
    /// CREATE TABLE app.desks (house int, room int, FOREIGN KEY (house, room) REFERENCES app.rooms);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.rooms (house int, room int, PRIMARY KEY (house, room));
    /// CREATE TABLE app.desks (house int, room int, FOREIGN KEY (house, room) REFERENCES app.rooms MATCH FULL);
    /// ```
    Rule {
        name: "fk_nullable_multicolumn",
        level: Level::Warning,
        category: Category::Design,
        peers: &["pg-index-health:foreign_keys_with_null_values"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for constraint in cx.constraints() {
        let Some(key) = &constraint.foreign_key else { continue };
        if constraint.columns.len() < 2 || key.matching != ForeignKeyMatch::Simple || constraint.period {
            continue;
        }
        let Some(table) = cx.index.table(&constraint.schema, &constraint.table) else { continue };
        let is_nullable = |name: &&str| cx.index.column(table, name).is_some_and(|own| own.not_null.is_none());
        let nullable: Vec<&str> = constraint.columns.iter().map(|name| &**name).filter(is_nullable).collect();
        if nullable.is_empty() || counts_nulls(cx, table) {
            continue;
        }
        let object = constraint.object_key();
        let detail = format!(
            "Foreign key {} does not check rows in which {} is null.",
            object.identity(),
            ident_list(&nullable).replace(", ", " or ")
        );
        let all_nullable = nullable.len() == constraint.columns.len();
        let draft = Draft::of(object, detail).fact("nullable_columns", nullable.clone());
        let draft = draft.fix(all_nullable.then(|| fix(cx, table, constraint)).flatten());
        report.add(if nullable.len() == 1 { draft.level(Level::Info) } else { draft });
    }
}

/// Returns whether a check counts the nulls of columns.
fn counts_nulls(cx: &Context<'_>, table: &Table) -> bool {
    let own = cx.index.constraints_of(&table.schema, &table.name).iter();
    let checks = own.filter(|own| own.kind == ConstraintKind::Check).filter_map(|own| own.expression.as_deref());
    checks.into_iter().any(|text| text.contains("num_nulls(") || text.contains("num_nonnulls("))
}

/// Returns the plan that makes it MATCH FULL.
fn fix<'m>(cx: &Context<'m>, table: &'m Table, constraint: &'m Constraint) -> Option<Fix> {
    let key = constraint.foreign_key.as_ref()?;
    let referenced = cx.index.table(&key.table.schema, &key.table.name)?;
    let unique = cx.index.constraints_of(&referenced.schema, &referenced.name).iter().filter(|own| own.index.is_some());
    let unique = unique.map(|own| ObjectRef::Constraint(own));
    let objects = [ObjectRef::Table(table), ObjectRef::Table(referenced), ObjectRef::Constraint(constraint)];
    let mut objects: Vec<ObjectRef<'m>> = objects.into_iter().chain(unique).collect();
    objects.dedup_by_key(|object| object.object().key());
    let name = constraint.name.clone();
    Fix::plan(cx, objects, |model| {
        let own =
            model.constraints.iter_mut().filter(|own| own.name == name).filter_map(|own| own.foreign_key.as_mut());
        own.for_each(|key| key.matching = ForeignKeyMatch::Full);
    })
}
