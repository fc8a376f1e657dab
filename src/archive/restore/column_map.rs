//! Maps a partition's columns to those of its parent. A column has the same attribute number there after it was renamed.

use std::collections::{BTreeMap, BTreeSet};

use pgmeta_archive::manifest::Manifest;
use pgmeta_core::ident::ident;
use pgrx::{PgLogLevel, PgSqlErrorCode};

use crate::archive::queries;
use crate::archive::restore::parent::Found;
use crate::archive::restore::table_owner::TableOwner;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::tell;
use crate::spi::{Arg, Connection, SnapshotGuard};

/// Maps archived columns to those of the parent: by number, or by name if the parent is another table.
pub struct ColumnMap {
    /// Pairs of old and new names.
    pub renamed: Vec<(String, String)>,
    /// Columns that the parent has dropped.
    dropped: Vec<String>,
    /// Columns of the parent that have the name of a dropped one.
    others: Vec<String>,
}

query! {
    struct ColumnNumber = "column_numbers" {
        name: String,
        number: i32,
    }
}

impl ColumnMap {
    pub fn read(found: &Found, manifest: &Manifest) -> Result<Self, Error> {
        let mut map = Self { renamed: Vec::new(), dropped: Vec::new(), others: Vec::new() };
        let Some(properties) = manifest.properties.as_ref().filter(|_| found.is_same) else { return Ok(map) };
        let _pinned = GucGuard::new();
        let _snapshot = SnapshotGuard::new();
        let args = [Arg::Int(found.parent.oid.into())];
        let rows: Vec<ColumnNumber> = queries::rows(&Connection::open()?, &args)?;
        let now: BTreeMap<i32, String> = rows.into_iter().map(|row| (row.number, row.name)).collect();
        for (name, number) in &properties.numbers {
            match now.get(number) {
                Some(same) if same == name => {}
                Some(other) => map.renamed.push((name.clone(), other.clone())),
                None => map.dropped.push(name.clone()),
            }
        }
        let known: BTreeSet<&i32> = properties.numbers.values().collect();
        let is_other =
            |(number, name): &(&i32, &String)| !known.contains(number) && properties.numbers.contains_key(*name);
        map.others = now.iter().filter(is_other).map(|(_, name)| name.clone()).collect();
        Ok(map)
    }

    /// Renames the table's columns to the parent's present names, and drops those whose name another column has now.
    pub fn rename_columns(&self, alter: &str, manifest: &Manifest, owner: &TableOwner<'_>) -> Result<(), Error> {
        let is_there = |name: &String| manifest.columns.iter().any(|column| column.name == *name);
        let taken = |name: &&String| is_there(name) && self.names_of_others().any(|other| other == *name);
        let dropped: Vec<&String> = self.dropped.iter().filter(taken).collect();
        if !dropped.is_empty() {
            let list = dropped.iter().map(|name| ident(name)).collect::<Vec<_>>().join(", ");
            notice(format!(
                "the parent has dropped columns {list}, and has others of that name: the values stay in the archive"
            ));
        }
        for name in dropped {
            owner.run(&format!("{alter}DROP COLUMN {}", ident(name)))?;
        }
        // Use temporary names: two columns may have exchanged their names.
        let renamed: Vec<_> = self.renamed.iter().filter(|(from, _)| is_there(from)).enumerate().collect();
        let between = |at: usize| ident(&format!("pgmeta renames {at}"));
        for (at, (from, _)) in &renamed {
            owner.run(&format!("{alter}RENAME COLUMN {} TO {}", ident(from), between(*at)))?;
        }
        for (at, (_, to)) in &renamed {
            owner.run(&format!("{alter}RENAME COLUMN {} TO {}", between(*at), ident(to)))?;
        }
        Ok(())
    }

    fn names_of_others(&self) -> impl Iterator<Item = &String> {
        self.others.iter().chain(self.renamed.iter().map(|(_, to)| to))
    }

    /// Returns the line of the archived DDL that declares the column with this present name.
    pub fn declaration<'m>(&self, manifest: &'m Manifest, now: &str) -> Option<&'m str> {
        let had = self.renamed.iter().find(|(_, to)| to == now).map(|(from, _)| from.as_str());
        if had.is_none() && self.others.iter().any(|other| other == now) {
            return None;
        }
        let start = format!("    {} ", ident(had.unwrap_or(now)));
        manifest.ddl.lines().find(|line| line.starts_with(&start))
    }
}

pub fn notice(text: String) {
    tell(PgLogLevel::NOTICE, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, text);
}
