//! A map whose changes can be taken back. Knows nothing of scripts.

use std::borrow::Borrow;
use std::hash::Hash;

use rustc_hash::FxHashMap;

#[derive(Clone, Debug)]
pub(crate) struct Tracked<K, V> {
    now: FxHashMap<K, V>,
    /// The entries that were changed, each with its value before.
    changes: Vec<(K, Option<V>)>,
}

impl<K, V> Default for Tracked<K, V> {
    fn default() -> Self {
        Self { now: FxHashMap::default(), changes: Vec::new() }
    }
}

impl<K: Clone + Eq + Hash, V> Tracked<K, V> {
    pub fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.now.get(key)
    }

    pub fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.now.iter()
    }

    pub fn insert(&mut self, key: K, value: V) {
        let before = self.now.insert(key.clone(), value);
        self.changes.push((key, before));
    }

    pub fn remove(&mut self, key: &K) {
        if let Some(before) = self.now.remove(key) {
            self.changes.push((key.clone(), Some(before)));
        }
    }

    /// Returns a mark for `roll_back`.
    pub fn mark(&self) -> usize {
        self.changes.len()
    }

    pub fn roll_back(&mut self, mark: usize) {
        while self.changes.len() > mark {
            let Some((key, before)) = self.changes.pop() else { return };
            match before {
                Some(value) => drop(self.now.insert(key, value)),
                None => drop(self.now.remove(&key)),
            }
        }
    }

    /// Makes all changes permanent.
    pub fn forget_changes(&mut self) {
        self.changes.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_are_taken_back_in_reverse_order() {
        let mut map: Tracked<&str, u32> = Tracked::default();
        map.insert("a", 1);
        map.forget_changes();
        let first = map.mark();
        map.insert("a", 2);
        map.insert("b", 3);
        let second = map.mark();
        map.remove(&"a");
        map.insert("b", 4);
        map.remove(&"none");
        assert_eq!((map.get("a"), map.get("b")), (None, Some(&4)));
        map.roll_back(second);
        assert_eq!((map.get("a"), map.get("b")), (Some(&2), Some(&3)));
        map.roll_back(first);
        assert_eq!((map.get("a"), map.get("b"), map.iter().count()), (Some(&1), None, 1));
    }
}
