//! The SQL-callable functions: thin, one file per family. Nothing else may use them.

mod export;
