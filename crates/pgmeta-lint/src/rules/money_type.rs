//! Rule money_type.

use crate::analysis::all_typed;
use crate::context::{Context, Report};
use crate::fix::retype;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Amounts of type money
    ///
    /// Reports columns and domains of type money, arrays of it included.
    ///
    /// # Why
    ///
    /// The currency and the number of decimals are those of the setting `lc_monetary`, which a session can change: the same value is
    /// another amount then. A dump may not load on another server.
    ///
    /// # Fix
    ///
    /// Use numeric, and a column for the currency.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.invoices (id bigint PRIMARY KEY, total money);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.invoices (id bigint PRIMARY KEY, total numeric(12, 2), currency char(3));
    /// ```
    Rule {
        name: "money_type",
        level: Level::Warning,
        category: Category::Types,
        peers: &["pg-index-health:columns_with_money_type"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for typed in all_typed(cx).filter(|typed| typed.data_type.base == "money") {
        let plan = |(table, column): (_, &pgmeta_core::model::Column)| retype(cx, table, &column.name, "numeric");
        let fix = typed.column.filter(|_| !typed.data_type.is_array).and_then(plan);
        report.add(typed.draft(&format!("has type {}", typed.name)).fix(fix.map(|(fix, _)| fix)));
    }
}
