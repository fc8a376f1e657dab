//! Casts.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{Model, ObjectKey, ObjectKind, ObjectRef, Structure, type_address};

choice! {
    pub enum CastContext { Explicit b'e' "explicit", Assignment b'a' "assignment", Implicit b'i' "implicit" }
}

choice! {
    pub enum CastMethod { Function b'f' "function", InOut b'i' "in/out", Binary b'b' "binary" }
}

object! {
    pub struct Cast {
        source: Name,
        target_type: Name;
        method: CastMethod,
        /// With its arguments, as SQL; of method `function`.
        function: Option<Name>,
        context: CastContext,
    }
}

impl Cast {
    pub fn object_key(&self) -> ObjectKey {
        let (source, target) = (type_address(&self.source), type_address(&self.target_type));
        ObjectKey { kind: ObjectKind::Cast, names: Arc::new([source]), args: Arc::new([target]) }
    }
}

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

impl Structure for Cast {}
