//! Common code of the end-to-end tests: servers, databases, difficult schemas, comparison of dumps. Contains no tests.
//! Run them with `scripts/with_server.sh -- scripts/e2e.sh`.

pub mod archives;
mod command;
mod database;
mod files;
mod judge;
mod mariadb;
mod server;
mod source;
pub mod stores;

pub use command::{Output, repository, run, shared};
pub use database::Database;
pub use files::Tree;
pub use judge::{Verdict, applying, compare, same_text};
pub use mariadb::Mariadb;
pub use server::{Server, server};
pub use source::{Origin, Source, fixture_roles, origin};

/// What a test returns.
pub type Outcome = anyhow::Result<()>;
