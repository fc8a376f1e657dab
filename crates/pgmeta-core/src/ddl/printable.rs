//! The printer of each kind of object.

use crate::ddl::render::Render;
use crate::model::{ObjectRef, for_each_kind};

/// An object that can be printed.
pub trait Printable<'m> {
    /// Returns the printer of the object.
    fn render(self) -> &'m dyn Render;
}

macro_rules! printable {
    ($($(#[$meta:meta])* $list:ident: $kind:ident),* $(,)?) => {
        impl<'m> Printable<'m> for ObjectRef<'m> {
            fn render(self) -> &'m dyn Render {
                match self { $(ObjectRef::$kind(object) => object),* }
            }
        }
    };
}

for_each_kind! { printable }
