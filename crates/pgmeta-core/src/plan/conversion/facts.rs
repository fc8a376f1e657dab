//! The effects of a conversion on a table and its rows. Knows no type.

use std::collections::BTreeSet;

use crate::plan::conversion::loss::Loss;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Each row is rewritten.
    pub rewrites: bool,
    /// The conversion may fail on a value.
    pub fails: bool,
    /// What values may lose without an error.
    pub losses: BTreeSet<Loss>,
}

impl Facts {
    /// Returns the effects of two conversions, one after the other.
    pub fn and(mut self, other: Self) -> Self {
        self.rewrites |= other.rewrites;
        self.fails |= other.fails;
        self.losses.extend(other.losses);
        self
    }

    pub fn rewritten(losses: impl IntoIterator<Item = Loss>, fails: bool) -> Self {
        Self { rewrites: true, fails, losses: losses.into_iter().collect() }
    }

    pub fn cuts_bits(&mut self, cuts: bool) {
        if cuts {
            self.losses.insert(Loss::Bits);
        }
    }
}
