//! The relations between objects: the parent of an object, and the objects that must exist before it. Prints nothing.

use crate::model::{Object, ObjectKey};

pub trait Structure: Object {
    /// Returns the relation it belongs to, if it belongs to one.
    fn parent(&self) -> Option<ObjectKey> {
        None
    }

    /// Returns what must exist before it because its attributes name it; `depends_on` comes on top.
    fn requires(&self) -> Vec<ObjectKey> {
        Vec::new()
    }
}
