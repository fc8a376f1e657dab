//! The steps of a script in restorable order, and what was taken apart to get there.

use rustc_hash::FxHashSet;

use crate::model::{ObjectKey, ObjectRef, Part, Section};

/// One entry of the output: an object or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'m> {
    pub object: ObjectRef<'m>,
    pub part: Part,
    pub section: Section,
}

/// The steps in restorable order, and what was taken apart to get there.
#[derive(Debug, Default)]
pub struct Plan<'m> {
    pub steps: Vec<Step<'m>>,
    /// Checks, of tables and domains, that could not stand in the CREATE statement.
    pub separate_checks: FxHashSet<ObjectKey>,
    /// Defaults, by table and position, that could not stand in CREATE TABLE; a domain's is at position 0.
    pub separate_defaults: FxHashSet<(ObjectKey, usize)>,
    /// Views and functions that are made twice: first a placeholder.
    pub with_placeholder: FxHashSet<ObjectKey>,
}

// Hardly any schema has cycles: asked for each column and check, these make a key only where there is one.
impl Plan<'_> {
    pub fn is_separate_check(&self, key: impl FnOnce() -> ObjectKey) -> bool {
        !self.separate_checks.is_empty() && self.separate_checks.contains(&key())
    }

    pub fn is_separate_default(&self, key: impl FnOnce() -> ObjectKey, position: usize) -> bool {
        !self.separate_defaults.is_empty() && self.separate_defaults.contains(&(key(), position))
    }
}
