//! Lists whose elements have distinguishing names, compared without a search through one for each element of the other.

use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::interrupt::check;

/// A linear search is faster up to this length.
const FEW: usize = 8;

/// The elements of a list by their distinguishing name. Of equal names, the first one counts.
pub struct By<'l, T, K> {
    list: &'l [T],
    key: fn(&'l T) -> K,
    known: Option<FxHashMap<K, usize>>,
}

impl<'l, T, K: Eq + Hash> By<'l, T, K> {
    pub fn of(list: &'l [T], key: fn(&'l T) -> K) -> Self {
        let known = (list.len() > FEW).then(|| {
            let mut known = FxHashMap::default();
            for (at, element) in list.iter().enumerate() {
                check();
                known.entry(key(element)).or_insert(at);
            }
            known
        });
        Self { list, key, known }
    }

    pub fn get(&self, key: &K) -> Option<&'l T> {
        check();
        let at = match &self.known {
            Some(known) => known.get(key).copied(),
            None => self.list.iter().position(|element| (self.key)(element) == *key),
        };
        self.list.get(at?)
    }

    pub fn has(&self, key: &K) -> bool {
        self.get(key).is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lookup_finds_objects_in_small_and_large_models() {
        for length in [0, 3, FEW, FEW + 1, 50] {
            let list: Vec<(usize, usize)> = (0..length).map(|at| (at / 2, at)).collect();
            let by = By::of(&list, |element| element.0);
            for key in 0..length + 1 {
                assert_eq!(by.get(&key), list.iter().find(|element| element.0 == key));
            }
        }
    }
}
