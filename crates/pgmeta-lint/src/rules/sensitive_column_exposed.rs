//! Rule sensitive_column_exposed.

use pgmeta_core::model::{ObjectRef, Privilege};

use crate::analysis::{others, others_with, reached};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Column with secrets that others may read
    ///
    /// Reports columns of tables, views and materialized views whose name has one of the words of the option, if PUBLIC or a role of
    /// the option may read them: by a privilege on the relation or on the column. Tables with row-level security are not reported.
    ///
    /// # Why
    ///
    /// Secrets are read by whom they do not concern.
    ///
    /// # Fix
    ///
    /// Revoke SELECT on the relation, and grant it on the other columns.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, password_hash text);
    /// GRANT SELECT ON app.users TO PUBLIC;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.users (id bigint PRIMARY KEY, password_hash text);
    /// GRANT SELECT (id) ON app.users TO PUBLIC;
    /// ```
    Rule {
        name: "sensitive_column_exposed",
        level: Level::Warning,
        category: Category::Security,
        enabled: false,
        options: &[COLUMNS, ROLES],
        peers: &["splinter:sensitive_columns_exposed"],
        judge: Judge::Schema(check),
    }
}

const COLUMNS: RuleOption = RuleOption::list(
    "columns",
    &[
        "password",
        "passwd",
        "secret",
        "token",
        "api_key",
        "private_key",
        "ssn",
        "social_security",
        "credit_card",
        "card_number",
        "cvv",
        "iban",
        "bank_account",
        "passport",
        "tax_id",
    ],
    "Words in the names of columns with secrets.",
);
const ROLES: RuleOption =
    RuleOption::list("roles", &["public", "anon"], "Roles that must not read them; public is PUBLIC.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let (words, roles) = (cx.list(&COLUMNS), cx.list(&ROLES));
    for object in cx.objects() {
        let is_guarded = matches!(object, ObjectRef::Table(table) if table.row_security);
        let columns = if is_guarded { &[] } else { object.columns() };
        let is_sensitive = |name: &str| words.iter().any(|word| name.to_lowercase().contains(word.as_str()));
        for column in columns.iter().filter(|column| is_sensitive(&column.name)) {
            let mut readers = others_with(cx.model, object.object(), Privilege::Select);
            let own = column.privileges.as_deref().unwrap_or_default().to_vec();
            readers.extend(others(own, object.object().shared().owner, Privilege::Select));
            let found = reached(cx.model, &readers, &roles);
            if !found.is_empty() {
                let key = object.object().key();
                let detail = format!("Column {} of {key} can be read by {}.", column.name, found.join(", "));
                report.add(Draft::of(key, detail).column(&column.name).fact("roles", found));
            }
        }
    }
}
