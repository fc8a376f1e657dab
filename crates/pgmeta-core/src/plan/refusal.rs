//! What keeps a plan from being made: options that do not fit the target, and changes that the server has no way for. Plans nothing.

use rustc_hash::FxHashMap;

use crate::ident::qualified;
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
    #[error("cannot change type {changed} while {user} uses it")]
    InUse { changed: String, user: String },
}

impl Options {
    /// Returns why there is no plan from one side to the other.
    pub(super) fn check(&self, old: &Model, new: &Model) -> Result<(), PlanError> {
        self.check_using(new)?;
        if self.copy_tables {
            return Ok(());
        }
        let by_name = |table: &'_ Table| (table.schema.clone(), table.name.clone());
        let before: FxHashMap<_, &Table> = old.tables.iter().map(|table| (by_name(table), table)).collect();
        for table in &new.tables {
            check();
            if let Some(was) = before.get(&by_name(table))
                && needs_copy(was, table, new.server_version_num)
            {
                let target = match &table.partition_by {
                    Some(key) => format!("PARTITION BY {key}"),
                    None => format!("access method {}", table.access_method.as_deref().unwrap_or("heap")),
                };
                return Err(PlanError::NeedsCopy { table: qualified(&table.schema, &table.name), target });
            }
        }
        Ok(())
    }
}
