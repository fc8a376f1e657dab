//! The order of tables: referenced ones first. Tables in a cycle have their order in the model.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use pgmeta_core::interrupt::check;

/// Returns the positions of `count` tables, given the pairs of a table and one that it refers to.
pub(super) fn order(count: usize, references: &[(usize, usize)]) -> Vec<usize> {
    let mut waits = vec![0_usize; count];
    let mut referring: Vec<Vec<usize>> = vec![Vec::new(); count];
    for (table, referenced) in references.iter().filter(|(table, referenced)| table != referenced) {
        waits[*table] += 1;
        referring[*referenced].push(*table);
    }
    let mut ready: BinaryHeap<Reverse<usize>> = (0..count).filter(|at| waits[*at] == 0).map(Reverse).collect();
    let (mut sorted, mut placed, mut next) = (Vec::with_capacity(count), vec![false; count], 0);
    while sorted.len() < count {
        check();
        let table = match ready.pop() {
            Some(Reverse(table)) => table,
            // All others wait for each other: the first of them breaks the cycle.
            None => {
                while placed[next] {
                    next += 1;
                }
                next
            }
        };
        if std::mem::replace(&mut placed[table], true) {
            continue;
        }
        sorted.push(table);
        for other in &referring[table] {
            waits[*other] = waits[*other].saturating_sub(1);
            if waits[*other] == 0 {
                ready.push(Reverse(*other));
            }
        }
    }
    sorted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn referenced_tables_come_first() {
        assert_eq!(order(4, &[(0, 3), (1, 0), (2, 2)]), [2, 3, 0, 1]);
        assert_eq!(order(3, &[(0, 1), (1, 0), (2, 0)]), [0, 1, 2]);
        assert_eq!(order(3, &[]), [0, 1, 2]);
        assert_eq!(order(4, &[(0, 1), (1, 0), (1, 3), (2, 1)]), [3, 0, 1, 2]);
    }
}
