//! Which actions of foreign keys a dialect takes that, as SQL Server, refuses some: those of one statement must not
//! reach a table twice (error 1785).

use pgmeta_core::interrupt::check;
use rustc_hash::{FxHashMap, FxHashSet};

/// The actions so far, from the referenced table to the referring one.
#[derive(Debug, Default)]
pub(crate) struct Cascades {
    below: FxHashMap<usize, Vec<usize>>,
    above: FxHashMap<usize, Vec<usize>>,
}

impl Cascades {
    /// Adds an action unless it would reach a table twice.
    pub fn add(&mut self, referenced: usize, referring: usize) -> bool {
        let starts = reached(&self.above, referenced);
        let ends = reached(&self.below, referring);
        // A start that is also an end is a cycle; one that reaches an end would have two paths.
        let twice = |start: &usize| {
            ends.contains(start) || reached(&self.below, *start).iter().any(|reached| ends.contains(reached))
        };
        if starts.iter().any(twice) {
            return false;
        }
        self.below.entry(referenced).or_default().push(referring);
        self.above.entry(referring).or_default().push(referenced);
        true
    }
}

/// Returns a table and all that it reaches.
fn reached(edges: &FxHashMap<usize, Vec<usize>>, from: usize) -> FxHashSet<usize> {
    let (mut found, mut waiting) = (FxHashSet::default(), vec![from]);
    while let Some(table) = waiting.pop() {
        check();
        if found.insert(table) {
            waiting.extend(edges.get(&table).into_iter().flatten());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_table_is_reached_twice() {
        let mut cascades = Cascades::default();
        assert!(cascades.add(1, 2) && cascades.add(2, 3) && cascades.add(1, 4));
        assert!(!cascades.add(1, 1), "itself");
        assert!(!cascades.add(3, 1), "a cycle");
        assert!(!cascades.add(1, 3), "1 reaches 3 through 2");
        assert!(!cascades.add(4, 3), "1 reaches 3 through 2 and 4");
        assert!(!cascades.add(1, 2), "the same again");
        assert!(cascades.add(5, 6) && cascades.add(6, 7));
        assert!(cascades.add(5, 3) && cascades.add(2, 7), "5 and 1 reach 3 and 7 once");
        assert!(!cascades.add(7, 3), "1 reaches 3 without 7");
    }
}
