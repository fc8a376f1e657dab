//! Rule extension_in_public.

use pgmeta_core::ident::ident;
use pgmeta_core::plan::{Hazard, LockLevel, Statement};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Extension in the schema public
    ///
    /// Reports extensions whose objects are in the schema public.
    ///
    /// # Why
    ///
    /// Roles that may create objects in public can put functions and operators beside those of the extension, and exports of public
    /// are full of them.
    ///
    /// # Fix
    ///
    /// Move it to a schema of its own with ALTER EXTENSION … SET SCHEMA. If a schema `extensions` exists and the extension can be
    /// moved, the fix does.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE EXTENSION hstore SCHEMA public;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA extensions;
    /// CREATE EXTENSION hstore SCHEMA extensions;
    /// ```
    Rule {
        name: "extension_in_public",
        level: Level::Info,
        category: Category::Security,
        peers: &["splinter:extension_in_public"],
        judge: Judge::Schema(check),
    }
}

/// Where extensions are usually moved.
const USUAL: &str = "extensions";

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let has_usual = cx.model.schemas.iter().any(|schema| &*schema.name == USUAL);
    for extension in cx.model.extensions.iter().filter(|own| &*own.schema == "public") {
        let key = extension.object_key();
        let detail = format!("Extension {} is in the schema public.", key.identity());
        let sql = format!("ALTER EXTENSION {} SET SCHEMA {USUAL}", ident(&extension.name));
        // Bodies of functions that name its objects are not found by the server.
        let statement =
            Statement::new(&key, sql).lock(LockLevel::AccessExclusive).hazard(Hazard::HasUntrackableDependencies);
        let fix = (has_usual && !extension.not_relocatable).then(|| Fix::of(statement));
        report.add(Draft::of(key, detail).fact("version", &*extension.version).fix(fix));
    }
}
