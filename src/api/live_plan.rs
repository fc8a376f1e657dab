//! Plans from the live schema to a target, for functions that run the plan.

use pgmeta_core::diff::diff;
use pgmeta_core::model::Model;
use pgmeta_core::plan::{self, Options, Step};

use crate::api::options;
use crate::api::sides::{Sides, snapshot};
use crate::catalog;
use crate::error::{Error, first};
use crate::jsonb::{Document, SnapshotArgument};
use crate::server;
use crate::spi::SnapshotGuard;

/// A plan from the live schema, before it runs.
pub struct LivePlan {
    target: Model,
    pub options: Options,
    pub steps: Vec<Step>,
}

impl LivePlan {
    /// Reads the live schema and plans the changes to the target.
    pub fn new(function: &'static str, target: SnapshotArgument, options: Option<Document>) -> Result<Self, Error> {
        server::require_writable(function)?;
        let options = options::of_plan(options)?;
        let target = snapshot("target", target)?;
        let _snapshot = SnapshotGuard::new();
        let Sides { source, target, renames } = Sides::of_live(target, &options)?;
        let steps = plan::plan(&source, &target, &renames, &options)?;
        Ok(Self { target, options, steps })
    }

    /// Describes what still differs from the target, except for what the options ignore.
    pub fn differences(&self) -> Result<Option<String>, Error> {
        let _snapshot = SnapshotGuard::new();
        let after = catalog::live(&self.target, &self.options)?;
        let changes = diff(&after, &self.target);
        let texts: Vec<String> =
            changes.iter().filter_map(|change| plan::describe_unplanned(change, &self.options)).collect();
        Ok((!texts.is_empty()).then(|| first(&texts)))
    }
}
