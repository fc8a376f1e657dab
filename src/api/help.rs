//! `pgmeta_help`: help on pgmeta's functions.

use std::collections::BTreeSet;

use pgmeta_core::pattern;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::catalog::{self, Function};
use crate::encoding::Text;
use crate::error::Error;

#[pg_extern(stable, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_help(
    pattern: default!(Option<Text>, "NULL"),
) -> Result<
    TableIterator<
        'static,
        (name!(name, Text), name!(signature, Text), name!(description, Text), name!(example, Option<Text>)),
    >,
    ErrorReport,
> {
    let rows = help(pattern.as_deref().unwrap_or_default())?;
    Ok(TableIterator::new(rows.into_iter().map(|(name, function)| {
        let Function { signature, description, example } = function;
        (name.into(), signature.into(), description.into(), example.map(Text::from))
    })))
}

/// Returns the functions with this name, or that match this psql pattern, or whose text contains this word.
fn help(pattern: &str) -> Result<Vec<(String, Function)>, Error> {
    let mut functions = catalog::functions()?;
    let wanted = pattern.trim().to_lowercase();
    if let Some(function) = functions.remove(&wanted) {
        return Ok(vec![(wanted, function)]);
    }
    if wanted.contains(['*', '?']) {
        let pattern = pattern::parse(&wanted);
        let names: BTreeSet<String> = functions.keys().cloned().collect();
        let matching = catalog::matching(&names, pattern.name.as_ref().unwrap_or(&pattern.schema))?;
        functions.retain(|name, _| matching.contains(name));
    } else {
        functions
            .retain(|name, function| name.contains(&wanted) || function.description.to_lowercase().contains(&wanted));
    }
    Ok(functions.into_iter().collect())
}
