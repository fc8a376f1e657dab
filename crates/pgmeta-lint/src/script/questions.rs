//! What a script names, so that a server can be asked about it before the script is judged. Judges nothing.

use crate::script::{Action, Statement};

/// Returns the schemas that a script of a role names.
pub fn named_schemas(script: &[Statement], user: &str) -> Vec<String> {
    let actions = script.iter().flat_map(|statement| &statement.actions);
    let mut schemas: Vec<String> = actions.flat_map(|action| action.schemas(user)).collect();
    schemas.sort();
    schemas.dedup();
    schemas
}

/// Returns the names of the types and domains that a script changes or drops, without their schemas.
pub fn changed_types(script: &[Statement]) -> Vec<String> {
    let actions = script.iter().flat_map(|statement| &statement.actions);
    let changed = actions.filter(|own| {
        matches!(own, Action::ConstrainDomain { .. } | Action::Drop { kind: "type" | "domain", cascade: true, .. })
    });
    changed.flat_map(Action::names).map(|name| name.name.clone()).collect()
}

/// Returns the extensions that a script drops with what needs them.
pub fn dropped_extensions(script: &[Statement]) -> Vec<String> {
    let actions = script.iter().flat_map(|statement| &statement.actions);
    let dropped = actions.filter(|own| matches!(own, Action::Drop { kind: "extension", cascade: true, .. }));
    dropped.flat_map(Action::names).map(|name| name.name.clone()).collect()
}
