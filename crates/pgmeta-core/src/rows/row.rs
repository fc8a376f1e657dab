//! The macro that declares a query's row as a struct. Knows no query.

/// Declares the row of a query: the struct's fields are the query's columns, in order and by name.
macro_rules! row {
    ($(#[$meta:meta])* pub struct $name:ident = $query:literal { $($(#[$field_meta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug)]
        pub struct $name { $($(#[$field_meta])* pub $field: $type),* }

        impl crate::rows::FromRow for $name {
            const QUERY: &'static str = $query;
            const COLUMNS: &'static [&'static str] = &[$(stringify!($field)),*];
            fn from_row(cells: &mut dyn crate::cells::Cells) -> Result<Self, crate::cells::RowError> {
                Ok(Self { $($field: crate::cells::take(cells, stringify!($field))?),* })
            }
        }
    };
}
