//! Rule rls_no_policy.

use crate::analysis::policies_by_table;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Row-level security without a policy
    ///
    /// Reports tables with row-level security and no policy.
    ///
    /// # Why
    ///
    /// Nobody except the owner and superusers sees a row: programs find the table empty, without an error.
    ///
    /// # Fix
    ///
    /// Create policies, or disable row-level security.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY, author text);
    /// ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
    /// CREATE POLICY own ON app.notes USING (author = current_user);
    /// ```
    Rule {
        name: "rls_no_policy",
        level: Level::Warning,
        category: Category::Security,
        peers: &["splinter:rls_enabled_no_policy"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let policies = policies_by_table(cx);
    for table in cx.tables().filter(|table| table.row_security) {
        let own = policies.get(&(&*table.schema, &*table.name)).map_or(&[][..], Vec::as_slice);
        // Restrictive policies let no row through by themselves.
        if !own.iter().any(|policy| !policy.restrictive) {
            let key = table.object_key();
            let detail =
                format!("Row-level security of table {} has no policy that lets rows through.", key.identity());
            report.add(Draft::of(key, detail).fact("restrictive_policies", own.len()));
        }
    }
}
