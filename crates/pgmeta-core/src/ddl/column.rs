//! Columns as DDL.
