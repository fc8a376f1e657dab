//! Under which circumstances a value is null.

use std::collections::BTreeSet;

/// The side of a join that an outer join fills with nulls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    Left,
    Right,
}

/// An outer join, by its number in the range table, that had no row on one side.
pub type Filling = (usize, Side);

/// When a value is null.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Nullness {
    /// Possibly always.
    Unknown,
    /// Only if at least one of these outer joins had no row on that side. Without any it is never null.
    Only(BTreeSet<Filling>),
}

impl Nullness {
    /// A value that is never null.
    pub const NEVER: Nullness = Nullness::Only(BTreeSet::new());

    pub fn is_never(&self) -> bool {
        *self == Self::NEVER
    }

    /// Returns never if `never`, else unknown.
    pub fn never_if(never: bool) -> Self {
        if never { Self::NEVER } else { Self::Unknown }
    }

    /// Returns when at least one of the values is null.
    pub fn any(values: impl IntoIterator<Item = Nullness>) -> Self {
        let mut all = BTreeSet::new();
        for value in values {
            match value {
                Nullness::Unknown => return Nullness::Unknown,
                Nullness::Only(fillings) => all.extend(fillings),
            }
        }
        Nullness::Only(all)
    }

    /// Returns when all of the values are null. Of the sides of a full join only one can be absent.
    pub fn all(values: impl IntoIterator<Item = Nullness>) -> Self {
        let known = values.into_iter().filter_map(|value| match value {
            Nullness::Unknown => None,
            Nullness::Only(fillings) => Some(fillings),
        });
        let mut least: Option<BTreeSet<Filling>> = None;
        let mut seen: Vec<BTreeSet<Filling>> = Vec::new();
        for fillings in known {
            let excludes = |other: &BTreeSet<Filling>| {
                other.iter().all(|one| fillings.iter().all(|two| one.0 == two.0 && one.1 != two.1))
            };
            if seen.iter().any(excludes) {
                return Self::NEVER;
            }
            if least.as_ref().is_none_or(|least| fillings.len() < least.len()) {
                least = Some(fillings.clone());
            }
            seen.push(fillings);
        }
        least.map_or(Nullness::Unknown, Nullness::Only)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn only(fillings: &[Filling]) -> Nullness {
        Nullness::Only(fillings.iter().copied().collect())
    }

    #[test]
    fn one_null_is_enough_for_any() {
        let (left, right) = (only(&[(3, Side::Left)]), only(&[(3, Side::Right)]));
        assert_eq!(Nullness::any([left.clone(), right.clone()]), only(&[(3, Side::Left), (3, Side::Right)]));
        assert_eq!(Nullness::any([left, Nullness::Unknown]), Nullness::Unknown);
        assert!(Nullness::any([]).is_never());
    }

    #[test]
    fn a_full_join_has_at_least_one_side() {
        let (left, right) = (only(&[(3, Side::Left)]), only(&[(3, Side::Right)]));
        assert!(Nullness::all([left.clone(), right.clone()]).is_never());
        assert!(Nullness::all([Nullness::Unknown, left.clone(), right.clone()]).is_never());
        // A join above can take both away.
        let above = (9, Side::Right);
        let both = [only(&[(3, Side::Left), above]), only(&[(3, Side::Right), above])];
        assert!(!Nullness::all(both).is_never());
        assert_eq!(Nullness::all([left.clone(), only(&[(4, Side::Right)])]), left);
        assert_eq!(Nullness::all([Nullness::Unknown]), Nullness::Unknown);
        assert!(Nullness::all([Nullness::Unknown, Nullness::NEVER]).is_never());
    }
}
