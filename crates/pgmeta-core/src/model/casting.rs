//! The functions behind casts, and the objects that may use casts.

use rustc_hash::FxHashMap;

use crate::interrupt::check;
use crate::model::{CastMethod, Model, ObjectKey, ObjectKind, ObjectRef};

impl Model {
    /// Returns the casts of each function. For an expression with a cast, the catalog has a dependency on the function; its text also
    /// needs the cast.
    pub fn casts_by_function(&self) -> FxHashMap<&ObjectKey, Vec<ObjectKey>> {
        let mut casts: FxHashMap<&ObjectKey, Vec<ObjectKey>> = FxHashMap::default();
        for cast in self.casts.iter().filter(|cast| cast.method == CastMethod::Function) {
            check();
            for function in cast.depends_on.iter().filter(|key| key.kind == ObjectKind::Function) {
                casts.entry(function).or_default().push(cast.object_key());
            }
        }
        casts
    }
}

impl ObjectRef<'_> {
    /// Returns whether the object may contain expressions, and so casts.
    pub fn may_cast(self) -> bool {
        use ObjectRef::*;
        matches!(
            self,
            Domain(_)
                | Function(_)
                | Table(_)
                | View(_)
                | MaterializedView(_)
                | Constraint(_)
                | Index(_)
                | StatisticsObject(_)
                | Trigger(_)
                | Rule(_)
                | Policy(_)
                | Publication(_)
        )
    }
}
