//! How complex a definition is: numbers of objects, depth and circles of references, and a score that is made of them.

use pgmeta_core::components::components;
use pgmeta_core::ident::Name;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value, json};

use crate::constraint::ForeignKeyDefinition;
use crate::definition::Definition;
use crate::table::TableDefinition;

/// What one thing of a kind adds to the score.
const WEIGHTS: [(&str, usize); 9] = [
    ("tables", 3),
    ("columns", 1),
    ("foreign_keys", 2),
    ("checks", 1),
    ("indexes", 1),
    ("views", 2),
    ("functions", 3),
    ("triggers", 3),
    ("policies", 2),
];

/// What a level of references and a circle add.
const DEPTH: usize = 2;
const CIRCLE: usize = 10;

/// Returns the numbers of a definition: `counts`, `depth` (the longest chain of foreign keys), `cycles` (the tables of each circle),
/// `widest_table`, and the `score` with its `parts`.
pub fn complexity(definition: &Definition) -> Value {
    let counts = counts(definition);
    let references = references(definition, |_, _| true);
    let component = components(references.len(), |node, at| references[node].get(at).copied());
    let name = |at: usize| definition.tables[at].name.clone();
    let cycles: Vec<Vec<Name>> =
        members(&component).into_iter().map(|own| own.into_iter().map(name).collect()).collect();
    let depth = depth(&references, &component);
    let mut parts: Map<String, Value> = Map::new();
    let mut score = 0;
    let mut add = |name: &str, points: usize| {
        if points > 0 {
            parts.insert(name.to_owned(), points.into());
            score += points;
        }
    };
    for (name, weight) in WEIGHTS {
        add(name, weight * counts.iter().find(|(own, _)| *own == name).map_or(0, |(_, count)| *count));
    }
    add("depth", DEPTH * depth);
    add("cycles", CIRCLE * cycles.len());
    let widest = definition.tables.iter().max_by_key(|own| own.columns.len());
    json!({
        "counts": counts.iter().map(|(name, count)| ((*name).to_owned(), Value::from(*count))).collect::<Map<_, _>>(),
        "depth": depth,
        "cycles": cycles,
        "widest_table": widest.map(|own| json!({"name": own.name, "columns": own.columns.len()})),
        "score": score,
        "parts": parts,
    })
}

fn counts(definition: &Definition) -> Vec<(&'static str, usize)> {
    let tables = &definition.tables;
    let sum = |count: fn(&TableDefinition) -> usize| tables.iter().map(count).sum::<usize>();
    vec![
        ("schemas", definition.schemas.len()),
        ("extensions", definition.extensions.len()),
        ("enums", definition.enums.len()),
        ("composites", definition.composites.len()),
        ("domains", definition.domains.len()),
        ("sequences", definition.sequences.len()),
        ("tables", tables.len()),
        ("columns", sum(|own| own.columns.len())),
        ("foreign_keys", sum(|own| own.foreign_keys.len())),
        ("checks", sum(|own| own.checks.len())),
        ("indexes", sum(|own| own.indexes.len())),
        ("policies", sum(|own| own.policies.len())),
        ("triggers", sum(|own| own.triggers.len())),
        ("views", definition.views.len() + definition.materialized_views.len()),
        ("functions", definition.functions.len()),
    ]
}

/// Returns for each table those that some of its foreign keys refer to, without itself.
fn references(
    definition: &Definition,
    counts: impl Fn(&TableDefinition, &ForeignKeyDefinition) -> bool,
) -> Vec<Vec<usize>> {
    let own = definition.own_schema();
    let schema = |given: &Option<Name>| given.clone().unwrap_or_else(|| own.clone());
    let tables = definition.tables.iter().enumerate();
    let places: FxHashMap<(Name, Name), usize> =
        tables.clone().map(|(at, own)| ((schema(&own.schema), own.name.clone()), at)).collect();
    let of_table = |(at, table): (usize, &TableDefinition)| {
        let keys = table.foreign_keys.iter().filter(|key| counts(table, key));
        let targets = keys.filter_map(|key| {
            let schema = key.references.schema.clone().unwrap_or_else(|| schema(&table.schema));
            places.get(&(schema, key.references.table.clone())).copied()
        });
        targets.filter(|target| *target != at).collect()
    };
    tables.map(of_table).collect()
}

/// Returns the positions of the tables of each circle of those foreign keys that count.
pub(crate) fn circles(
    definition: &Definition,
    counts: impl Fn(&TableDefinition, &ForeignKeyDefinition) -> bool,
) -> Vec<Vec<usize>> {
    let references = references(definition, counts);
    let component = components(references.len(), |node, at| references[node].get(at).copied());
    members(&component)
}

/// Returns the nodes of each component that has several.
fn members(component: &[usize]) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new(); component.iter().max().map_or(0, |last| last + 1)];
    component.iter().enumerate().for_each(|(at, own)| all[*own].push(at));
    all.retain(|own| own.len() > 1);
    all
}

/// Returns the number of references on the longest chain. Tables of a circle count as one. Components are numbered from the targets on.
fn depth(references: &[Vec<usize>], component: &[usize]) -> usize {
    let mut order: Vec<usize> = (0..references.len()).collect();
    order.sort_by_key(|node| component[*node]);
    let mut depths = vec![0; component.iter().max().map_or(0, |last| last + 1)];
    for node in order {
        let own = component[node];
        let others = references[node].iter().map(|target| component[*target]).filter(|other| *other != own);
        depths[own] = others.map(|other| depths[other] + 1).chain([depths[own]]).max().unwrap_or(0);
    }
    depths.into_iter().max().unwrap_or(0)
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    #[test]
    fn a_score_has_its_parts() {
        let definition = json!({"tables": [
            {"name": "a", "columns": [{"name": "id", "type": "int"}]},
            {"name": "b", "columns": [{"name": "id", "type": "int"}, {"name": "a_id", "type": "int"}],
             "foreign_keys": [{"columns": ["a_id"], "references": {"table": "a"}},
                              {"columns": ["id"], "references": {"table": "b"}}]},
            {"name": "c", "foreign_keys": [{"columns": ["x"], "references": {"table": "d"}},
                                           {"columns": ["x"], "references": {"table": "b"}}]},
            {"name": "d", "foreign_keys": [{"columns": ["x"], "references": {"table": "c"}}]},
        ]});
        let own = complexity(&Definition::from_value(definition).unwrap());
        assert_eq!(own["depth"], 2);
        assert_eq!(own["cycles"], json!([["c", "d"]]));
        assert_eq!(own["widest_table"], json!({"name": "b", "columns": 2}));
        let sum: u64 = own["parts"].as_object().unwrap().values().filter_map(Value::as_u64).sum();
        assert_eq!(own["score"], sum);
    }
}
