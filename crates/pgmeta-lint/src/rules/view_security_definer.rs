//! Rule view_security_definer.

use pgmeta_core::model::{ObjectKind, ObjectRef, Privilege, Setting, View};

use crate::analysis::others_with;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// View that lends its owner's privileges
    ///
    /// Reports views without the option security_invoker which others than the owner may read, if they select from something. The
    /// option exists since PostgreSQL 15: older servers have no finding.
    ///
    /// # Why
    ///
    /// The view reads its tables with the privileges and policies of its owner: whoever may read the view sees rows that the policies
    /// of the tables hide from them.
    ///
    /// # Fix
    ///
    /// Set security_invoker, and grant the readers what they need of the tables, unless the view is meant to show more.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY);
    /// CREATE VIEW app.shown AS SELECT id FROM app.notes;
    /// GRANT SELECT ON app.shown TO PUBLIC;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.notes (id bigint PRIMARY KEY);
    /// CREATE VIEW app.shown WITH (security_invoker = true) AS SELECT id FROM app.notes;
    /// GRANT SELECT ON app.shown TO PUBLIC;
    /// ```
    Rule {
        name: "view_security_definer",
        level: Level::Warning,
        category: Category::Security,
        peers: &["splinter:security_definer_view"],
        judge: Judge::Schema(check),
    }
}

/// The first version with the option.
const SINCE: u32 = 150_000;

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    if cx.model.server_version_num < SINCE {
        return;
    }
    for view in cx.model.views.iter().filter(|view| !is_invoker(view) && reads_something(view)) {
        pgmeta_core::interrupt::check();
        let readers = others_with(cx.model, view, Privilege::Select);
        if readers.is_empty() {
            continue;
        }
        let key = view.object_key();
        let detail = format!("View {} shows {} what its owner may see.", key.identity(), readers.join(", "));
        let fix = Fix::plan(cx, [ObjectRef::View(view)], |model| {
            for own in &mut model.views {
                own.options.retain(|option| &*option.name != "security_invoker");
                own.options.push(Setting { name: "security_invoker".into(), value: "true".into() });
            }
        });
        report.add(Draft::of(key, detail).fact("readers", readers).fix(fix));
    }
}

fn is_invoker(view: &View) -> bool {
    let is_on = |value: &str| matches!(&*value.to_ascii_lowercase(), "true" | "on" | "yes" | "1");
    view.options.iter().any(|option| &*option.name == "security_invoker" && is_on(&option.value))
}

/// Returns whether a view reads relations, or calls functions, of the database.
fn reads_something(view: &View) -> bool {
    use ObjectKind::{ForeignTable, Function, MaterializedView, Table, View};
    view.depends_on.iter().any(|key| matches!(key.kind, Table | ForeignTable | View | MaterializedView | Function))
}
