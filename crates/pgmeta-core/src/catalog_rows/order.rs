//! Visiting all kinds of rows in the order that `mod.rs` lists.

use crate::catalog_rows::builder::Ingest;

/// Receives each kind of row, to run its query.
pub trait Visitor {
    type Error;
    fn visit<R: Ingest>(&mut self) -> Result<(), Self::Error>;
}

macro_rules! reading_order {
    ($($(#[$meta:meta])* $group:ident: $($row:ty),* ;)*) => {
        /// Visits the row types in the order that the builder requires: look-ups refer to earlier rows.
        pub fn visit_all<V: Visitor>(visitor: &mut V, wanted: Wanted) -> Result<(), V::Error> {
            $(if reading_order!(@wanted $group wanted) { $(visitor.visit::<$row>()?;)* })*
            Ok(())
        }
    };
    (@wanted always $wanted:ident) => { true };
    (@wanted $group:ident $wanted:ident) => { $wanted.$group };
}

/// Which groups of rows to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Kinds in schemas, except relations.
    pub in_schemas: bool,
    /// Relations and their parts.
    pub relations: bool,
    /// Kinds outside of schemas.
    pub global: bool,
    /// Roles, tablespaces, databases, settings.
    pub cluster: bool,
    /// Dependencies, which order objects. A single object needs none.
    pub dependencies: bool,
}

pub(super) use reading_order;
