//! Rule extension_outdated.

use pgmeta_core::ident::ident;
use pgmeta_core::plan::{Hazard, Statement};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, Need, rule};

rule! {
    /// Extension that can be updated
    ///
    /// Reports extensions whose version is not the one that CREATE EXTENSION would install on this server.
    ///
    /// # Why
    ///
    /// The library is newer than the SQL objects: corrections do not arrive, and functions may call what the library no longer has.
    ///
    /// # Fix
    ///
    /// Read the notes of the version, then run ALTER EXTENSION … UPDATE.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE EXTENSION hstore VERSION '1.4' SCHEMA app;
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE EXTENSION hstore SCHEMA app;
    /// ```
    Rule {
        name: "extension_outdated",
        level: Level::Info,
        category: Category::Operations,
        needs: &[Need::Extensions],
        peers: &["splinter:extension_versions_outdated"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for extension in &cx.model.extensions {
        let available = cx.statistics.extensions.as_ref().and_then(|all| all.get(&*extension.name));
        let Some(available) = available.filter(|version| **version != extension.version) else { continue };
        let key = extension.object_key();
        let detail =
            format!("Extension {} has version {}, and {available} is available.", key.identity(), extension.version);
        let statement = Statement::new(&key, format!("ALTER EXTENSION {} UPDATE", ident(&extension.name)));
        let fix = Fix::of(statement.hazard(Hazard::UpgradingExtensionVersion));
        report.add(Draft::of(key, detail).fact("available_version", &**available).fix(Some(fix)));
    }
}
