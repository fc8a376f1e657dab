//! Rules of databases that no test can ask: MySQL 8 and SQL Server 2019 cannot be had here. Each rule is stated with
//! its source, and holds for the text of all fixtures.
#![allow(clippy::unwrap_used, clippy::panic)]

mod mssql;
mod mysql;
mod text;
