//! Casts.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Structure, type_address};

choice! {
    /// Where a cast is applied implicitly.
    pub enum CastContext {
        /// Nowhere: only in an explicit cast.
        Explicit b'e' "explicit",
        /// In assignments.
        Assignment b'a' "assignment",
        /// In any expression.
        Implicit b'i' "implicit",
    }
}

choice! {
    /// How a cast is performed.
    pub enum CastMethod {
        /// By a function.
        Function b'f' "function",
        /// By the types' text format.
        InOut b'i' "in/out",
        /// Without any conversion: both types have the same storage format.
        Binary b'b' "binary",
    }
}

object! {
    /// A cast between two types (CREATE CAST ).
    pub struct Cast {
        /// The source type, as `format_type` prints it.
        source: Name,
        /// The target type, as `format_type` prints it.
        target_type: Name;
        /// How the cast is performed.
        method: CastMethod,
        /// The function that performs a cast of method `function`, with its arguments, as SQL.
        function: Option<Name>,
        /// Where the cast is applied implicitly. The default is explicit.
        context: CastContext,
    }
}

impl Cast {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        let (source, target) = (type_address(&self.source), type_address(&self.target_type));
        ObjectKey { kind: ObjectKind::Cast, names: Arc::new([source]), args: Arc::new([target]) }
    }
}

impl Structure for Cast {}
