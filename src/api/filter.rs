//! Regular expressions over names, by the server's own engine. Knows no object.

use std::collections::{BTreeSet, HashSet};

use pgmeta_core::cells::{Cell, Cells, RowError};

use crate::error::Error;
use crate::guc::Pinned;
use crate::spi::{Arg, Connection};

/// Names to be matched, each once.
#[derive(Debug, Default)]
pub struct Matcher {
    names: BTreeSet<String>,
}

impl Matcher {
    pub fn add(&mut self, name: &str) {
        if !self.names.contains(name) {
            self.names.insert(name.to_owned());
        }
    }

    /// Returns the names that a POSIX regular expression matches.
    pub fn matching(&self, regex: &str) -> Result<HashSet<String>, Error> {
        let _pinned = Pinned::new();
        let connection = Connection::open()?;
        let names: Vec<String> = self.names.iter().cloned().collect();
        let mut found = HashSet::new();
        let sql = "SELECT name FROM pg_catalog.unnest($1) AS name WHERE name ~ $2";
        connection.read(sql, &[Arg::Texts(&names), Arg::Text(regex)], &["name"], |cells| {
            let Cell::Text(name) = cells.next_cell()? else {
                return Err(RowError::WrongType("name"));
            };
            found.insert(name.to_owned());
            Ok(())
        })?;
        Ok(found)
    }
}
