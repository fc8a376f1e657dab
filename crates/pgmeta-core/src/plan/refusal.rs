//! What keeps a plan from being made: options that do not fit the target, and changes that the server has no way for. Plans nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::ident::{ident, qualified};
use crate::interrupt::check;
use crate::model::{Model, Table};
use crate::plan::options::Options;
use crate::plan::table::needs_copy;
use crate::plan::using::UsingError;

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("invalid option using: {0}")]
    Using(#[from] UsingError),
    #[error("cannot change table {table} to {target} without copying its rows")]
    NeedsCopy { table: String, target: String },
    #[error("cannot change table {table} to {target} without dropping its column {column}")]
    LosesColumn { table: String, target: String, column: String },
    #[error("cannot change type {changed} while {user} uses it")]
    InUse { changed: String, user: String },
}

impl Options {
    /// Returns why there is no plan from one side to the other.
    pub(super) fn check(&self, old: &Model, new: &Model) -> Result<(), PlanError> {
        self.check_using(new)?;
        if self.copy_tables && self.drops {
            return Ok(());
        }
        let by_name = |table: &'_ Table| (table.schema.clone(), table.name.clone());
        let before: FxHashMap<_, &Table> = old.tables.iter().map(|table| (by_name(table), table)).collect();
        for table in &new.tables {
            check();
            let was = before.get(&by_name(table)).filter(|was| needs_copy(was, table, new.server_version_num));
            if let Some(was) = was {
                self.check_copy(was, table)?;
            }
        }
        Ok(())
    }

    /// Returns why the rows of a table are not copied into the new one.
    fn check_copy(&self, old: &Table, new: &Table) -> Result<(), PlanError> {
        let table = qualified(&new.schema, &new.name);
        let target = match &new.partition_by {
            Some(key) => format!("PARTITION BY {key}"),
            None => format!("access method {}", new.access_method.as_deref().unwrap_or("heap")),
        };
        if !self.copy_tables {
            return Err(PlanError::NeedsCopy { table, target });
        }
        let stays: FxHashSet<&str> = new.columns.iter().map(|column| &*column.name).collect();
        let lost = old.columns.iter().find(|column| column.generated.is_none() && !stays.contains(&*column.name));
        match lost {
            Some(column) => Err(PlanError::LosesColumn { table, target, column: ident(&column.name) }),
            None => Ok(()),
        }
    }
}
