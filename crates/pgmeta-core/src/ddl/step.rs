//! The steps of a script in restorable order, and the parts that became steps of their own.

use rustc_hash::FxHashSet;

use crate::model::{ObjectKey, ObjectRef, Part, Section};

/// One step of a script: an object or a part of it.
#[derive(Clone, Copy, Debug)]
pub struct Step<'m> {
    pub object: ObjectRef<'m>,
    pub part: Part,
    pub section: Section,
}

/// The steps in restorable order, and the parts that became steps of their own.
#[derive(Debug, Default)]
pub struct Plan<'m> {
    pub steps: Vec<Step<'m>>,
    /// Checks of tables and domains that are not part of the CREATE statement.
    pub separate_checks: FxHashSet<ObjectKey>,
    /// Defaults, by table and position, that are not part of CREATE TABLE. A domain's default is at position 0.
    pub separate_defaults: FxHashSet<(ObjectKey, usize)>,
    /// Views and functions that are created twice: a placeholder comes first.
    pub with_placeholder: FxHashSet<ObjectKey>,
}

// Few schemas have cycles: these calls, one for each column and check, build a key only in a schema with cycles.
impl Plan<'_> {
    pub fn is_separate_check(&self, key: impl FnOnce() -> ObjectKey) -> bool {
        !self.separate_checks.is_empty() && self.separate_checks.contains(&key())
    }

    pub fn is_separate_default(&self, key: impl FnOnce() -> ObjectKey, position: usize) -> bool {
        !self.separate_defaults.is_empty() && self.separate_defaults.contains(&(key(), position))
    }
}
