//! A schema in other SQL dialects, from pgmeta-core's model: the text that another database runs, and the list of all
//! that did not come along. No server, no I/O, no clock. Prints no DDL of PostgreSQL.

#![warn(missing_docs)]

mod convert;
mod data_type;
mod dialect;
mod expression;
mod loss;
mod mariadb;
mod mssql;
mod mysql;
mod names;
mod options;
mod others;
mod output;
mod pointer;
mod sqlite;
mod table;
mod target;
mod view;

pub use convert::convert;
pub use dialect::{Dialect, UnknownDialect};
pub use loss::{Action, Loss};
pub use options::{Options, OptionsError, Schemas};
pub use output::Output;
