//! Types in a definition: those that neither the definition nor the server has, and values that contradict them.

use pgmeta_core::interrupt::check as check_interrupts;
use rustc_hash::FxHashSet;

use crate::column::{ColumnDefinition, serial_base};
use crate::definition::Definition;
use crate::to_model::names::Names;
use crate::validate::{Findings, Level};

/// Types that no column can have.
const PSEUDO_TYPES: [&str; 19] = [
    "any",
    "anyarray",
    "anycompatible",
    "anycompatiblearray",
    "anycompatiblemultirange",
    "anycompatiblenonarray",
    "anycompatiblerange",
    "anyelement",
    "anyenum",
    "anymultirange",
    "anynonarray",
    "anyrange",
    "cstring",
    "event_trigger",
    "internal",
    "record",
    "trigger",
    "unknown",
    "void",
];

pub(super) fn check(
    definition: &Definition,
    is_unknown: impl FnOnce(&[String]) -> Vec<String>,
    findings: &mut Findings,
) {
    let all = types(definition);
    let mut asked: Vec<String> = all.iter().map(|(_, name)| name.clone()).collect();
    asked.sort();
    asked.dedup();
    let unknown: FxHashSet<String> = is_unknown(&asked).into_iter().collect();
    for (path, name) in all.iter().filter(|(_, name)| unknown.contains(name)) {
        let message = format!("Type \"{name}\" does not exist.");
        let hint = "Use a type of the server, of an extension that is installed, or of this definition.";
        // An extension of the definition may bring it.
        let level = if definition.extensions.is_empty() { Level::Error } else { Level::Warning };
        findings.add(path, "UNSUPPORTED_DATA_TYPE", level, message, hint);
    }
    for (at, table) in definition.tables.iter().enumerate() {
        check_interrupts();
        for (position, column) in table.columns.iter().enumerate() {
            let path = format!("/tables/{at}/columns/{position}");
            contradictions(column, &path, findings);
            if PSEUDO_TYPES.contains(&column.r#type.trim().to_ascii_lowercase().as_str()) {
                let message = format!("Column {} has the pseudo-type {}.", column.name, column.r#type);
                findings.error(
                    format!("{path}/type"),
                    "UNSUPPORTED_DATA_TYPE",
                    message,
                    "Only functions have such types.",
                );
            }
        }
    }
}

/// Returns the types that are not the definition's own, with their paths.
fn types(definition: &Definition) -> Vec<(String, String)> {
    let names = Names::of(definition);
    let mut all = Vec::new();
    let mut add = |path: String, written: &str| {
        if serial_base(written).is_none() && !names.has_type(written) {
            all.push((path, written.trim().to_owned()));
        }
    };
    for (at, own) in definition.tables.iter().enumerate() {
        for (column, it) in own.columns.iter().enumerate() {
            add(format!("/tables/{at}/columns/{column}/type"), &it.r#type);
        }
    }
    for (at, own) in definition.composites.iter().enumerate() {
        for (attribute, it) in own.attributes.iter().enumerate() {
            add(format!("/composites/{at}/attributes/{attribute}/type"), &it.r#type);
        }
    }
    for (at, own) in definition.domains.iter().enumerate() {
        add(format!("/domains/{at}/type"), &own.r#type);
    }
    for (at, own) in definition.functions.iter().enumerate() {
        for (argument, it) in own.arguments.iter().enumerate() {
            add(format!("/functions/{at}/arguments/{argument}/type"), &it.r#type);
        }
        if let Some(returns) = &own.returns {
            add(format!("/functions/{at}/returns"), returns);
        }
    }
    all
}

/// Reports what cannot hold together in a column.
fn contradictions(own: &ColumnDefinition, path: &str, findings: &mut Findings) {
    let sources =
        [own.default.is_some(), own.generated.is_some(), own.identity.is_some(), serial_base(&own.r#type).is_some()];
    if sources.iter().filter(|is_source| **is_source).count() > 1 {
        let message =
            format!("Column {} has more than one of default, generated, identity and a serial type.", own.name);
        findings.error(path, "CONFLICTING_DEFAULT", message, "Keep one of them.");
    }
    if own.identity.is_some()
        && !matches!(own.r#type.trim(), "smallint" | "integer" | "bigint" | "int" | "int2" | "int4" | "int8")
    {
        let message = format!("Identity column {} has type {}.", own.name, own.r#type);
        findings.error(format!("{path}/type"), "UNSUPPORTED_DATA_TYPE", message, "Use smallint, integer or bigint.");
    }
}
