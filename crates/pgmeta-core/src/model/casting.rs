//! Which functions make casts, and which objects may use them.

use rustc_hash::FxHashMap;

use crate::interrupt::check;
use crate::model::{CastMethod, Model, ObjectKey, ObjectKind, ObjectRef};

impl Model {
    /// Returns the casts that each function makes. The catalog says of an expression with a cast that it needs the function; its
    /// text needs the cast too.
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
    /// Returns whether the object may have expressions, and so casts in them.
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
