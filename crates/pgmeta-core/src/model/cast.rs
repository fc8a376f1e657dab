//! Casts.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure, type_address};

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

impl Structure for Cast {}
