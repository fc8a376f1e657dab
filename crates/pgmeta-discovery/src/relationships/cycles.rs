//! Cycles of foreign keys: tables that refer to each other, directly or through others.

use std::collections::BTreeMap;

use pgmeta_core::components::components;
use pgmeta_core::ident::Name;

use super::relationship::Relationship;

/// Gives each foreign key that is part of a cycle the number of the cycle, from 1, in the order of the tables' names. Tables
/// are in one cycle if each can be reached from each (a strongly connected component). A reference of a table to itself
/// does not make a cycle, and is not part of one.
pub fn number_cycles(relationships: &mut [Relationship]) {
    let is_edge =
        |relationship: &Relationship| relationship.is_declared() && relationship.table() != relationship.parent();
    let mut nodes: BTreeMap<(Name, Name), usize> = BTreeMap::new();
    for relationship in relationships.iter().filter(|own| is_edge(own)) {
        for (schema, name) in [relationship.table(), relationship.parent()] {
            nodes.insert((schema.clone(), name.clone()), 0);
        }
    }
    nodes.values_mut().enumerate().for_each(|(at, node)| *node = at);
    let node = |(schema, name): (&Name, &Name)| nodes.get(&(schema.clone(), name.clone())).copied();
    let edges: Vec<Option<(usize, usize)>> = relationships
        .iter()
        .map(|own| if is_edge(own) { node(own.table()).zip(node(own.parent())) } else { None })
        .collect();
    let mut targets = vec![Vec::new(); nodes.len()];
    for (from, to) in edges.iter().flatten() {
        targets[*from].push(*to);
    }
    let components = components(targets.len(), |node, at| targets[node].get(at).copied());
    let mut sizes = vec![0_usize; nodes.len()];
    components.iter().for_each(|&component| sizes[component] += 1);
    let mut numbers: BTreeMap<usize, i32> = BTreeMap::new();
    for &component in components.iter().filter(|&&component| sizes[component] > 1) {
        let next = i32::try_from(numbers.len() + 1).unwrap_or(i32::MAX);
        numbers.entry(component).or_insert(next);
    }
    for (relationship, edge) in relationships.iter_mut().zip(edges) {
        relationship.cycle = edge
            .filter(|&(from, to)| components[from] == components[to])
            .and_then(|(from, _)| numbers.get(&components[from]).copied());
    }
}

#[cfg(test)]
mod tests {
    use crate::sample::Sample;

    /// Makes a table for each letter, and a key for each pair of letters.
    fn numbers(keys: &[&str]) -> Vec<(String, Option<i32>)> {
        let mut sample = Sample::new();
        for table in ["a", "b", "c", "d", "e"] {
            sample = sample.table(table, &["id integer!"]).primary_key(table, &["id"]);
        }
        for key in keys {
            let (child, parent) = key.split_at(1);
            let name = format!("{key}_fkey");
            let column = format!("{parent}_id");
            let own = serde_json::json!({"name": name});
            sample = sample.foreign_key_with(child, &[&column], parent, &["id"], own);
        }
        sample.relationships().iter().map(|own| (own.name[..2].to_owned(), own.cycle)).collect()
    }

    fn expected(of: &[(&str, i32)]) -> Vec<(String, Option<i32>)> {
        of.iter().map(|&(key, cycle)| (key.to_owned(), (cycle > 0).then_some(cycle))).collect()
    }

    #[test]
    fn chains_and_diamonds_are_not_cycles() {
        assert_eq!(numbers(&["ab", "bc", "ac", "cd"]), expected(&[("ab", 0), ("ac", 0), ("bc", 0), ("cd", 0)]));
    }

    #[test]
    fn a_self_reference_is_not_part_of_a_cycle() {
        assert_eq!(numbers(&["aa"]), expected(&[("aa", 0)]));
        assert_eq!(numbers(&["aa", "ab", "ba"]), expected(&[("aa", 0), ("ab", 1), ("ba", 1)]));
    }

    #[test]
    fn each_cycle_has_a_number_by_its_first_table() {
        let keys = ["ce", "ec", "ab", "bd", "da", "ac"];
        let all = [("ab", 1), ("ac", 0), ("bd", 1), ("ce", 2), ("da", 1), ("ec", 2)];
        assert_eq!(numbers(&keys), expected(&all));
    }

    #[test]
    fn cycles_that_share_a_table_are_one() {
        let keys = ["ab", "ba", "bc", "cb"];
        assert_eq!(numbers(&keys), expected(&[("ab", 1), ("ba", 1), ("bc", 1), ("cb", 1)]));
    }
}
