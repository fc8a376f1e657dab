//! Macros for signatures of SQL functions: several forms with the same arguments, and columns that several functions
//! return. pgrx needs both as tokens of each function.

/// Declares a function in three forms: with an array of schemas, with a text, and with types as text too.
macro_rules! all_forms {
    (
        $sql:tt: $array:ident, $text:ident, $texts:ident, [$($first:tt)*], [$($last:tt)*] -> [$($returns:tt)*],
        $volatility:ident, |$args:ident| $body:expr
    ) => {
        #[pg_extern(name = $sql, $volatility, parallel_unsafe)]
        fn $array(
            $($first)*
            schemas: default!(Option<Texts>, "NULL"),
            types: default!(Option<Texts>, "NULL"),
            name_pattern: default!(Option<Text>, "NULL"),
            on_error: default!(Option<Text>, "'fail'"),
            options: default!(Option<Document>, "'{}'"),
            $($last)*
        ) -> Result<$($returns)*, ErrorReport> {
            let $args = Args::new(schemas, types, name_pattern, on_error, options)?;
            Ok($body?)
        }

        #[pg_extern(name = $sql, $volatility, parallel_unsafe)]
        fn $text(
            $($first)*
            schemas: Option<Text>,
            types: default!(Option<Texts>, "NULL"),
            name_pattern: default!(Option<Text>, "NULL"),
            on_error: default!(Option<Text>, "'fail'"),
            options: default!(Option<Document>, "'{}'"),
            $($last)*
        ) -> Result<$($returns)*, ErrorReport> {
            let $args = Args::new(list(schemas), types, name_pattern, on_error, options)?;
            Ok($body?)
        }

        #[pg_extern(name = $sql, $volatility, parallel_unsafe)]
        fn $texts(
            $($first)*
            schemas: Option<Text>,
            types: Option<Text>,
            name_pattern: default!(Option<Text>, "NULL"),
            on_error: default!(Option<Text>, "'fail'"),
            options: default!(Option<Document>, "'{}'"),
            $($last)*
        ) -> Result<$($returns)*, ErrorReport> {
            let $args = Args::new(list(schemas), list(types), name_pattern, on_error, options)?;
            Ok($body?)
        }
    };
}

/// Declares the columns that several functions return: a row type, and a macro that adds them to the signature of a
/// function whose body returns the rows.
macro_rules! returns_table {
    ($($tokens:tt)*) => { returns_table_with! { ($) $($tokens)* } };
}

/// Likewise. `$d` is a dollar sign, which a macro that defines a macro cannot write.
macro_rules! returns_table_with {
    (($d:tt) $(#[$meta:meta])* type $row:ident = $name:ident!($($columns:tt)*);) => {
        $(#[$meta])*
        pub type $row = ($($columns)*);

        macro_rules! $name {
            ($d(#[$d attribute:meta])* fn $d function:ident($d($d arguments:tt)*) $d body:block) => {
                $d(#[$d attribute])*
                fn $d function(
                    $d($d arguments)*
                ) -> Result<TableIterator<'static, ($($columns)*)>, ErrorReport> {
                    let rows: Result<_, Error> = $d body;
                    Ok(TableIterator::new(rows?))
                }
            };
        }
    };
}
