//! Tables that refer to each other in a circle: strongly connected sets of more than one table.

use pgmeta_core::components;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Model, Table};
use rustc_hash::FxHashMap;

/// Returns the sets of tables of which each reaches each other by foreign keys, in the model's order.
pub(crate) fn cycles(model: &Model) -> Vec<Vec<&Table>> {
    let at: FxHashMap<(&str, &str), usize> =
        model.tables.iter().enumerate().map(|(at, table)| ((&*table.schema, &*table.name), at)).collect();
    let mut edges: Vec<Vec<usize>> = vec![Vec::new(); model.tables.len()];
    for constraint in &model.constraints {
        check();
        let Some(key) = &constraint.foreign_key else { continue };
        let ends =
            (at.get(&(&*constraint.schema, &*constraint.table)), at.get(&(&*key.table.schema, &*key.table.name)));
        if let (Some(&from), Some(&to)) = ends
            && from != to
        {
            edges[from].push(to);
        }
    }
    let found = components::cycles(edges.len(), |node, at| edges[node].get(at).copied());
    found.into_iter().map(|set| set.into_iter().map(|at| &model.tables[at]).collect()).collect()
}
