//! A schema in other SQL dialects, from pgmeta-core's model: the text that another database runs, and the list of all
//! that did not come along. No server, no I/O, no clock. Prints no DDL of PostgreSQL.
//!
//! Values that a dialect has no type for are kept in a form that PostgreSQL reads back:
//!
//! | Type | SQLite | MySQL, MariaDB | SQL Server |
//! |---|---|---|---|
//! | `numeric` beyond the dialect's | its text | its text | its text |
//! | `boolean` | 1, 0 | 1, 0 | 1, 0 |
//! | `date`, `time`, `timestamp` | its text, `DateStyle` ISO | a value of its own | a value of its own |
//! | `timestamp with time zone` | its text in UTC, with `+00` | a value in UTC | a value with its offset |
//! | `money` | a number as text | a number | a number |
//! | arrays, composite types, `hstore` | JSON, as `to_json` prints it | the same | the same |
//! | `bit` | its text | a number of bits | its text |
//! | intervals, ranges, networks, others | its text | its text | its text |

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
