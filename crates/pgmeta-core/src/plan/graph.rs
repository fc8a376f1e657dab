//! The order of changes as a graph: which change precedes which, and which share a transaction. Works on numbers; knows neither
//! statements nor objects.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use rustc_hash::FxHashMap;

use crate::components::components;
use crate::interrupt::check;

/// The effects of one change on resources. The caller numbers resources and units.
#[derive(Clone, Debug, Default)]
pub struct Change {
    /// The resources that it changes.
    pub writes: Vec<usize>,
    /// The resources that it needs in the state at this point.
    pub reads: Vec<usize>,
    /// It only adds to the resources that it writes: their earlier readers are not affected.
    pub adds: bool,
    /// Its units: a unit is committed as a whole.
    pub units: Vec<usize>,
}

/// Returns the changes in groups, one for each transaction, in an order in which they can be made. The given order is valid without
/// units; it is kept where units allow it.
pub fn groups(changes: &[Change]) -> Vec<Vec<usize>> {
    let mut edges = edges(changes);
    join_units(changes, &mut edges);
    let group_of = components(edges.len(), |node, at| edges[node].get(at).copied());
    sorted(&edges, &group_of)
}

/// The last changes of a resource, and its readers since then.
#[derive(Default)]
struct Last {
    disturbed: Option<usize>,
    added: Option<usize>,
    readers: Vec<usize>,
}

/// Returns for each change those that must come after it.
pub fn edges(changes: &[Change]) -> Vec<Vec<usize>> {
    let mut edges = vec![Vec::new(); changes.len()];
    let mut last: FxHashMap<usize, Last> = FxHashMap::default();
    for (at, change) in changes.iter().enumerate() {
        check();
        let mut before = Vec::new();
        for resource in &change.reads {
            let last = last.entry(*resource).or_default();
            before.extend(last.added.or(last.disturbed));
            last.readers.push(at);
        }
        for resource in &change.writes {
            let last = last.entry(*resource).or_default();
            before.extend(last.added.or(last.disturbed));
            if change.adds {
                last.added = Some(at);
            } else {
                before.append(&mut last.readers);
                *last = Last { disturbed: Some(at), ..Last::default() };
            }
        }
        before.sort_unstable();
        before.dedup();
        for other in before.into_iter().filter(|&other| other != at) {
            edges[other].push(at);
        }
    }
    edges
}

/// Adds edges in both directions between the changes of each unit.
fn join_units(changes: &[Change], edges: &mut [Vec<usize>]) {
    let mut last: FxHashMap<usize, usize> = FxHashMap::default();
    for (at, change) in changes.iter().enumerate() {
        check();
        for unit in &change.units {
            if let Some(other) = last.insert(*unit, at) {
                edges[other].push(at);
                edges[at].push(other);
            }
        }
    }
}

/// Sorts the components by their edges, and by their first members where the edges leave a choice.
fn sorted(edges: &[Vec<usize>], component: &[usize]) -> Vec<Vec<usize>> {
    let count = component.iter().max().map_or(0, |most| most + 1);
    let mut members: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (at, own) in component.iter().enumerate() {
        check();
        members[*own].push(at);
    }
    let mut waits = vec![0_usize; count];
    let between = |own: usize| {
        let members: &[usize] = &members[own];
        members.iter().flat_map(|&at| &edges[at]).map(|&to| component[to]).filter(move |&other| other != own)
    };
    for own in 0..count {
        check();
        between(own).for_each(|other| waits[other] += 1);
    }
    let ready = (0..count).inspect(|_| check()).filter(|&own| waits[own] == 0);
    let mut ready: BinaryHeap<Reverse<(usize, usize)>> = ready.map(|own| Reverse((members[own][0], own))).collect();
    let mut order = Vec::with_capacity(count);
    while let Some(Reverse((_, own))) = ready.pop() {
        check();
        order.push(own);
        for other in between(own) {
            waits[other] -= 1;
            if waits[other] == 0 {
                ready.push(Reverse((members[other][0], other)));
            }
        }
    }
    order.into_iter().inspect(|_| check()).map(|own| std::mem::take(&mut members[own])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(writes: &[usize], reads: &[usize], adds: bool, units: &[usize]) -> Change {
        Change { writes: writes.to_vec(), reads: reads.to_vec(), adds, units: units.to_vec() }
    }

    #[test]
    fn changes_without_units_keep_their_order() {
        let changes = [change(&[1], &[], false, &[]), change(&[2], &[1], true, &[]), change(&[3], &[], false, &[])];
        assert_eq!(groups(&changes), [[0], [1], [2]]);
    }

    /// Drop a policy (1, needs column 2), build something else, change the column, create the policy again.
    #[test]
    fn statements_between_parts_of_a_unit_are_moved_out() {
        let changes = [
            change(&[1], &[2], false, &[0]),
            change(&[3], &[], true, &[]),
            change(&[2], &[], false, &[]),
            change(&[1], &[2], true, &[0]),
        ];
        assert_eq!(groups(&changes), [vec![0, 2, 3], vec![1]]);
    }

    /// The second half needs a change between the two: that change comes first, because it affects neither.
    #[test]
    fn requirements_of_a_unit_come_before_it() {
        let changes = [change(&[1], &[2], false, &[0]), change(&[2], &[], true, &[]), change(&[1], &[2], true, &[0])];
        assert_eq!(groups(&changes), [vec![1], vec![0, 2]]);
    }

    /// A generator of plans: each resulting order keeps conflicting changes in the given order, and all units whole.
    #[test]
    fn every_order_respects_conflicts_and_units() {
        let mut seed = 1_u64;
        let mut random = |most: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap_or(0) % most
        };
        for _ in 0..2_000 {
            let changes: Vec<Change> = (0..2 + random(12))
                .map(|_| Change {
                    writes: (0..random(3)).map(|_| random(6)).collect(),
                    reads: (0..random(3)).map(|_| random(6)).collect(),
                    adds: random(2) == 0,
                    units: (0..random(2)).map(|_| random(3)).collect(),
                })
                .collect();
            let groups = groups(&changes);
            let place = |at: usize| groups.iter().position(|group| group.contains(&at));
            for (at, one) in changes.iter().enumerate() {
                for (later, other) in changes.iter().enumerate().skip(at + 1) {
                    let meet = |own: &[usize], others: &[usize]| own.iter().any(|resource| others.contains(resource));
                    let conflict = meet(&one.writes, &other.writes)
                        || meet(&one.writes, &other.reads)
                        || (!other.adds && meet(&one.reads, &other.writes));
                    assert!(!conflict || place(at) <= place(later), "{changes:?} {groups:?}");
                    assert!(!meet(&one.units, &other.units) || place(at) == place(later), "{changes:?} {groups:?}");
                }
            }
            let mut all: Vec<usize> = groups.concat();
            all.sort_unstable();
            assert_eq!(all, (0..changes.len()).collect::<Vec<_>>());
        }
    }
}
