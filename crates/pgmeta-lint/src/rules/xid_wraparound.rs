//! Rule xid_wraparound.

use pgmeta_core::ident::qualified;
use pgmeta_core::model::{ObjectKey, ObjectKind};
use pgmeta_core::plan::{Hazard, LockLevel, Run, Statement};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, Need, rule};
use crate::settings::RuleOption;

rule! {
    /// Transaction numbers that run out
    ///
    /// Reports the database, and tables, whose oldest transaction number is older than the option's number of transactions.
    ///
    /// # Why
    ///
    /// At about two billion the server stops to accept writes, until the tables were vacuumed. Autovacuum prevents it, unless it is
    /// blocked or too slow.
    ///
    /// # Fix
    ///
    /// End old transactions, prepared transactions and unused replication slots that hold the horizon back, then vacuum the oldest
    /// tables.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY);
    /// ```
    Rule {
        name: "xid_wraparound",
        level: Level::Error,
        category: Category::Operations,
        needs: &[Need::Ages],
        options: &[MAX_AGE],
        judge: Judge::Schema(check),
    }
}

const MAX_AGE: RuleOption =
    RuleOption::number("max_age", 1_000_000_000, "The age in transactions from which it is reported.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let most = cx.number(&MAX_AGE);
    for (name, facts) in cx.statistics.databases.iter().flatten().filter(|(_, facts)| facts.age > most) {
        let key = ObjectKey::global(ObjectKind::Database, &name.as_str().into());
        let detail =
            format!("The oldest transaction number of database {} is {} transactions old.", key.identity(), facts.age);
        let draft = Draft::of(key, detail).fact("age", facts.age);
        report.add(draft.fact("autovacuum_freeze_max_age", facts.freeze_max_age));
    }
    for table in cx.tables() {
        let age = cx.statistics.table(&table.schema, &table.name).and_then(|facts| facts.age);
        let Some(age) = age.filter(|age| *age > most) else { continue };
        let key = table.object_key();
        let detail = format!("The oldest transaction number of table {} is {age} transactions old.", key.identity());
        let statement = Statement::new(&key, format!("VACUUM (FREEZE) {}", qualified(&table.schema, &table.name)));
        let statement = statement.run(Run::Outside).lock(LockLevel::ShareUpdateExclusive);
        let fix = Fix::of(statement.hazard(Hazard::ImpactsDatabasePerformance));
        report.add(Draft::of(key, detail).fact("age", age).fix(Some(fix)));
    }
}
