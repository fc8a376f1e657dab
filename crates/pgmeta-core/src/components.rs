//! The strongly connected components of a graph: nodes of which each can be reached from each. Knows no object.

use crate::interrupt::check;

/// Returns for each of `count` nodes the number of its component, from 0 on. `edge(node, at)` is the target of the edge of a node
/// at a position, or `None` after its last edge.
///
/// Tarjan's algorithm, with a stack of its own: a long chain does not exhaust that of the thread.
pub fn components(count: usize, edge: impl Fn(usize, usize) -> Option<usize>) -> Vec<usize> {
    const NEW: usize = usize::MAX;
    let (mut index, mut low, mut component) = (vec![NEW; count], vec![0; count], vec![NEW; count]);
    let (mut next, mut found) = (0, 0);
    let mut open: Vec<usize> = Vec::new();
    for root in 0..count {
        if index[root] != NEW {
            continue;
        }
        let mut path = vec![(root, 0)];
        while let Some((node, at)) = path.pop() {
            check();
            if at == 0 {
                (index[node], low[node]) = (next, next);
                next += 1;
                open.push(node);
            }
            if let Some(to) = edge(node, at) {
                path.push((node, at + 1));
                if index[to] == NEW {
                    path.push((to, 0));
                } else if component[to] == NEW {
                    low[node] = low[node].min(index[to]);
                }
                continue;
            }
            if low[node] == index[node] {
                while let Some(member) = open.pop() {
                    component[member] = found;
                    if member == node {
                        break;
                    }
                }
                found += 1;
            }
            if let Some(&(parent, _)) = path.last() {
                low[parent] = low[parent].min(low[node]);
            }
        }
    }
    component
}

/// Returns the components of more than one node, by their first nodes. Their nodes are in order.
pub fn cycles(count: usize, edge: impl Fn(usize, usize) -> Option<usize>) -> Vec<Vec<usize>> {
    let component = components(count, edge);
    let mut members = vec![Vec::new(); component.iter().max().map_or(0, |last| last + 1)];
    for (node, own) in component.iter().enumerate() {
        check();
        members[*own].push(node);
    }
    members.retain(|members| members.len() > 1);
    members.sort_unstable();
    members
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cycles_are_the_components_of_several_nodes() {
        let edges = [vec![1], vec![2, 3], vec![0], vec![4], vec![3, 5], vec![], vec![6]];
        let edge = |node: usize, at: usize| edges[node].get(at).copied();
        assert_eq!(cycles(edges.len(), edge), [vec![0, 1, 2], vec![3, 4]]);
        let mut component = components(edges.len(), edge);
        component.sort_unstable();
        component.dedup();
        assert_eq!(component, [0, 1, 2, 3]);
    }

    #[test]
    fn a_long_cycle_does_not_overflow_the_stack() {
        let count = 200_000;
        let component = components(count, |node, at| (at == 0).then_some((node + 1) % count));
        assert!(component.iter().all(|&own| own == 0));
    }
}
