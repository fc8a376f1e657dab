//! Rule invalid_index.

use pgmeta_core::ident::qualified;
use pgmeta_core::model::{ObjectKey, ObjectKind, ObjectRef};
use pgmeta_core::plan::{Hazard, LockLevel, Run, Statement};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Index that an interrupted build left behind
    ///
    /// Reports indexes that are not valid. Those that a session builds at the moment are not reported if statistics are at hand.
    /// Indexes of partitioned tables that lack a partition's part are another rule's.
    ///
    /// # Why
    ///
    /// No query uses such an index, but every write maintains it. A unique one may refuse rows.
    ///
    /// # Fix
    ///
    /// Build it again. If it is unique, remove the rows that violate it first. What REINDEX CONCURRENTLY left behind (names that end
    /// in `_ccnew` or `_ccold`) can be dropped.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (a int);
    /// INSERT INTO app.t VALUES (1), (1);
    /// CREATE UNIQUE INDEX CONCURRENTLY t_a ON app.t (a); -- fails, and leaves an invalid index
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (a int);
    /// CREATE UNIQUE INDEX t_a ON app.t (a);
    /// ```
    Rule {
        name: "invalid_index",
        level: Level::Error,
        category: Category::Operations,
        peers: &["pg-index-health:invalid_indexes", "splinter:invalid_index"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let of_tables = cx.tables().map(|own| (ObjectRef::Table(own), &own.schema, &own.invalid_indexes));
    let views = cx.model.materialized_views.iter();
    let of_views = views.map(|own| (ObjectRef::MaterializedView(own), &own.schema, &own.invalid_indexes));
    for (relation, schema, invalid) in of_tables.chain(of_views) {
        for name in invalid {
            if cx.statistics.index(schema, name).is_some_and(|facts| facts.in_progress) {
                continue;
            }
            let key = ObjectKey::in_schema(ObjectKind::Index, schema, name);
            let of = relation.object().key();
            let (kind, own) = (of.kind.word(), of.identity());
            let detail = format!("Index {} of {kind} {own} is not valid.", key.identity());
            let fix = fix(&key, &qualified(schema, name));
            report.add(Draft::of(key, detail).fact("table", own).fix(Some(fix)));
        }
    }
}

/// Returns the statement that builds an index again, or drops what a REINDEX left behind.
fn fix(key: &ObjectKey, name: &str) -> Fix {
    let is_leftover = |ending: &str| {
        let base = key.name().trim_end_matches(|c: char| c.is_ascii_digit());
        base.ends_with(ending)
    };
    let statement = if is_leftover("_ccnew") || is_leftover("_ccold") {
        Statement::new(key, format!("DROP INDEX CONCURRENTLY {name}")).hazard(Hazard::IndexDropped)
    } else {
        let statement = Statement::new(key, format!("REINDEX INDEX CONCURRENTLY {name}"));
        statement.hazard(Hazard::IndexBuild).hazard(Hazard::MayFailOnData)
    };
    Fix::of(statement.run(Run::Outside).lock(LockLevel::ShareUpdateExclusive))
}
