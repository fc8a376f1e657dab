//! Runs statements about the restored table as its owner.

use crate::error::Error;
use crate::guc::GucGuard;
use crate::rights::{CodePath, as_code_owner_within};
use crate::spi::{execute_one_within, execute_within};

/// The owner of the restored table. Its code runs for each row.
pub struct TableOwner<'a> {
    pub role: u32,
    /// The search_path of that code.
    pub path: Option<&'a CodePath>,
}

impl TableOwner<'_> {
    /// Runs one statement about the table.
    pub fn run(&self, sql: &str) -> Result<(), Error> {
        let _pinned = GucGuard::running(0);
        let _code = as_code_owner_within(self.role, self.path);
        execute_within(sql, 0)
    }

    /// Runs a text. It must be exactly one statement.
    pub fn run_one(&self, sql: &str) -> Result<(), Error> {
        let _pinned = GucGuard::running(0);
        let _code = as_code_owner_within(self.role, self.path);
        execute_one_within(sql)
    }
}
