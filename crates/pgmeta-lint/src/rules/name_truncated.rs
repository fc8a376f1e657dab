//! Rule name_truncated.

use pgmeta_core::model::ObjectRef;

use crate::analysis::all_named;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Name that was probably cut off
    ///
    /// Reports names of exactly 63 bytes: of relations, columns, indexes, constraints, triggers, policies, functions, types,
    /// sequences and schemas. Letters outside of ASCII have several bytes.
    ///
    /// # Why
    ///
    /// The server cuts longer names without an error. The name is another one than the program wrote, and two long names may be the
    /// same.
    ///
    /// # Fix
    ///
    /// Rename it to something shorter.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.the_name_of_this_table_is_so_long_that_the_server_cuts_its_end_off_unasked (id bigint PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.short_name (id bigint PRIMARY KEY);
    /// ```
    Rule {
        name: "name_truncated",
        level: Level::Warning,
        category: Category::Naming,
        peers: &["pg-index-health:possible_object_name_overflow", "squawk:identifier-too-long"],
        judge: Judge::Schema(check),
    }
}

/// The longest name, in bytes.
const LONGEST: usize = 63;

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for named in all_named(cx).filter(|named| named.name.len() == LONGEST) {
        report.add(named.draft("has a name of 63 bytes"));
    }
    for object in cx.objects() {
        use ObjectRef::{Constraint, Index, Policy, Trigger};
        let is_judged = matches!(object, Index(_) | Constraint(_) | Trigger(_) | Policy(_)) && !object.is_inherited();
        let key = object.object().key();
        if is_judged && key.name().len() == LONGEST {
            let detail = format!("The name of {key} has 63 bytes.");
            report.add(Draft::of(key, detail));
        }
    }
}
