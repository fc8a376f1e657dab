//! Tables that refer to each other in a circle: strongly connected sets of more than one table.

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
    let mut found: Vec<Vec<usize>> = strongly_connected(&edges).into_iter().filter(|set| set.len() > 1).collect();
    found.iter_mut().for_each(|set| set.sort_unstable());
    found.sort_unstable();
    found.into_iter().map(|set| set.into_iter().map(|at| &model.tables[at]).collect()).collect()
}

/// Returns the strongly connected sets of a graph: Tarjan's algorithm, with a stack of its own in the place of recursion.
fn strongly_connected(edges: &[Vec<usize>]) -> Vec<Vec<usize>> {
    const NEW: usize = usize::MAX;
    let (mut number, mut low) = (vec![NEW; edges.len()], vec![NEW; edges.len()]);
    let (mut open, mut is_open) = (Vec::new(), vec![false; edges.len()]);
    let (mut sets, mut count) = (Vec::new(), 0);
    for start in 0..edges.len() {
        if number[start] != NEW {
            continue;
        }
        let mut path = vec![(start, 0)];
        while let Some((node, next)) = path.pop() {
            check();
            if next == 0 {
                (number[node], low[node]) = (count, count);
                count += 1;
                open.push(node);
                is_open[node] = true;
            }
            match edges[node].get(next) {
                Some(&to) => {
                    path.push((node, next + 1));
                    if number[to] == NEW {
                        path.push((to, 0));
                    } else if is_open[to] {
                        low[node] = low[node].min(number[to]);
                    }
                }
                None => {
                    if let Some(&(parent, _)) = path.last() {
                        low[parent] = low[parent].min(low[node]);
                    }
                    if low[node] == number[node] {
                        let from = open.iter().rposition(|&own| own == node).unwrap_or_default();
                        let set = open.split_off(from);
                        set.iter().for_each(|&own| is_open[own] = false);
                        sets.push(set);
                    }
                }
            }
        }
    }
    sets
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connected_sets_are_found() {
        let edges = vec![vec![1], vec![2, 3], vec![0], vec![4], vec![3, 5], vec![], vec![6]];
        let mut sets = strongly_connected(&edges);
        sets.iter_mut().for_each(|set| set.sort_unstable());
        sets.sort();
        assert_eq!(sets, [vec![0, 1, 2], vec![3, 4], vec![5], vec![6]]);
        let chain: Vec<Vec<usize>> = (0..100_000).map(|at| if at > 0 { vec![at - 1] } else { vec![99_999] }).collect();
        assert_eq!(strongly_connected(&chain).len(), 1);
    }
}
