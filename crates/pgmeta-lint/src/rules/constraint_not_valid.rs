//! Rule constraint_not_valid.

use pgmeta_core::model::{Model, ObjectKey, ObjectKind, ObjectRef};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Constraint that was never validated
    ///
    /// Reports foreign keys and checks of tables, checks of domains, and not-null constraints that are NOT VALID. Those that a parent
    /// hands down are reported at the parent. Constraints that are NOT ENFORCED are not reported.
    ///
    /// # Why
    ///
    /// Rows that were there before may violate the constraint, and the planner does not rely on it. Such rows cannot be updated, and a
    /// dump of them may fail to restore.
    ///
    /// # Fix
    ///
    /// Correct the rows that violate it, then validate it. That reads the table, and blocks neither reads nor writes.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, total numeric);
    /// ALTER TABLE app.orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, total numeric);
    /// ALTER TABLE app.orders ADD CONSTRAINT total_positive CHECK (total > 0) NOT VALID;
    /// ALTER TABLE app.orders VALIDATE CONSTRAINT total_positive;
    /// ```
    Rule {
        name: "constraint_not_valid",
        level: Level::Warning,
        category: Category::Design,
        peers: &["pg-index-health:not_valid_constraints"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let unchecked = cx.constraints().filter(|own| own.not_valid && !own.not_enforced && !own.inherited);
    for constraint in unchecked {
        let Some(table) = cx.index.table(&constraint.schema, &constraint.table) else { continue };
        let objects = [ObjectRef::Table(table), ObjectRef::Constraint(constraint)];
        let referenced = constraint.foreign_key.as_ref().map(|key| &key.table);
        let referenced = referenced.and_then(|other| cx.index.table(&other.schema, &other.name)).map(ObjectRef::Table);
        let fix = Fix::plan(cx, objects.into_iter().chain(referenced), |model: &mut Model| {
            model.constraints.iter_mut().for_each(|own| own.not_valid = false);
        });
        add(report, constraint.object_key(), fix);
    }
    for table in cx.tables() {
        for column in &table.columns {
            let Some(not_null) = column.separate_not_null() else { continue };
            let name = not_null.name.clone();
            let name = name.unwrap_or_else(|| pgmeta_core::model::NotNull::default_name(&table.name, &column.name));
            let fix = Fix::plan(cx, [ObjectRef::Table(table)], |model: &mut Model| {
                let columns = model.tables.iter_mut().flat_map(|table| &mut table.columns);
                let own = columns.filter(|own| own.name == column.name).filter_map(|own| own.not_null.as_mut());
                own.for_each(|not_null| not_null.not_valid = false);
            });
            let key = ObjectKey::on_relation(ObjectKind::TableConstraint, &table.schema, &table.name, &name);
            add(report, key, fix);
        }
    }
    for domain in &cx.model.domains {
        for (at, _) in domain.checks.iter().enumerate().filter(|(_, check)| check.not_valid) {
            let fix = Fix::plan(cx, [ObjectRef::Domain(domain)], |model: &mut Model| {
                let checks = model.domains.iter_mut().filter_map(|domain| domain.checks.get_mut(at));
                checks.for_each(|check| check.not_valid = false);
            });
            add(report, domain.check_key(at), fix);
        }
    }
}

fn add(report: &mut Report<'_>, key: ObjectKey, fix: Option<Fix>) {
    let detail = format!("Constraint {} is not valid.", key.identity());
    report.add(Draft::of(key, detail).fix(fix));
}
