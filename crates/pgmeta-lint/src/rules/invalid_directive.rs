//! Rule invalid_directive.

use pgmeta_core::model::ObjectRef;

use crate::context::{Context, Report};
use crate::directive::Directive;
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Directive in a comment that cannot be read
    ///
    /// Reports comments with `@pgmeta(…)` that is not a JSON object, has an unknown key, or names a rule that does not exist.
    ///
    /// # Why
    ///
    /// Such a directive silences nothing.
    ///
    /// # Fix
    ///
    /// Write it as `@pgmeta({"ignore": ["no_primary_key"]})`.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (at timestamptz NOT NULL);
    /// COMMENT ON TABLE app.visits IS '@pgmeta({"ignore": ["primary_key"]})';
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (at timestamptz NOT NULL);
    /// COMMENT ON TABLE app.visits IS '@pgmeta({"ignore": ["no_primary_key"]})';
    /// ```
    Rule {
        name: "invalid_directive",
        level: Level::Warning,
        category: Category::Lint,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let mut look = |object: ObjectRef<'_>, column: Option<&str>, comment: Option<&str>| {
        for fault in comment.map(|comment| Directive::of(comment).faults).unwrap_or_default() {
            let draft =
                Draft::of(object.object().key(), format!("The directive in the comment is not valid: {fault}."));
            let draft = draft.part(fault);
            report.add(match column {
                Some(column) => draft.column(column),
                None => draft,
            });
        }
    };
    for object in cx.objects() {
        look(object, None, object.object().shared().comment);
        for column in object.columns() {
            look(object, Some(&column.name), column.comment.as_deref());
        }
    }
}
