//! A row of a query, and the macro that declares it as a struct. Knows no query.

use crate::cells::{Cells, RowError};

/// A row with the name of its query (`src/catalog/queries/<QUERY>.sql`).
pub trait FromRow: Sized {
    const QUERY: &'static str;
    /// The system catalog whose rows the first column names, if it names objects.
    const CATALOG: Option<u32>;
    /// The query's columns in order, which the reader checks.
    const COLUMNS: &'static [&'static str];
    fn from_row(cells: &mut dyn Cells) -> Result<Self, RowError>;
}

/// Declares the row of a query, and the catalog of the objects in its first column. The fields are the columns, in order and by name.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident = $query:literal $(of $catalog:ident)? { $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),* }

        impl crate::catalog_rows::FromRow for $name {
            const QUERY: &'static str = $query;
            const CATALOG: Option<u32> = row!(@catalog $($catalog)?);
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            fn from_row(cells: &mut dyn crate::cells::Cells) -> Result<Self, crate::cells::RowError> {
                Ok(Self { $($field: crate::cells::take(cells, stringify!($field))?),* })
            }
        }
    };
    (@catalog) => { None };
    (@catalog $catalog:ident) => { Some(crate::catalog_rows::class::$catalog) };
}
