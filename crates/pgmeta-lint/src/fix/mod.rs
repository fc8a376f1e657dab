//! The statements that mend a finding: what a plan makes of a change of the model, and the few that change nothing in it.

use std::collections::BTreeSet;

use pgmeta_core::model::{Model, ObjectRef};
use pgmeta_core::plan::{Hazard, Options, Statement, plan};

use rustc_hash::FxHashSet;

use crate::context::Context;

mod add_index;
mod add_partition;
mod attach_index;
mod drop_index;
mod new_name;
mod retype;
mod type_use;

pub(crate) use add_index::add_index;
pub(crate) use add_partition::add_partitions;
pub(crate) use attach_index::attach_index;
pub(crate) use drop_index::drop_index;
pub(crate) use new_name::NewNames;
pub(crate) use retype::retype;

/// Statements in order, and what they do to a database in use.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Fix {
    statements: Vec<String>,
    hazards: BTreeSet<Hazard>,
}

impl Fix {
    /// Returns the plan that makes a change to some objects of the model; `None` where no statement makes it. The objects must
    /// include what the change disturbs. Every table counts as one in use.
    pub fn plan<'m>(
        cx: &Context<'m>,
        objects: impl IntoIterator<Item = ObjectRef<'m>>,
        change: impl FnOnce(&mut Model),
    ) -> Option<Self> {
        let mut old = Model {
            format_version: cx.model.format_version,
            server_version_num: cx.model.server_version_num,
            ..Model::default()
        };
        let mut seen = FxHashSet::default();
        let once = objects.into_iter().filter(|object| seen.insert(object.object().key()));
        once.for_each(|object| old.push(object));
        old.tables.iter_mut().for_each(|table| table.rows_estimate = None);
        old.sort();
        let mut new = old.clone();
        change(&mut new);
        new.sort();
        let steps = plan(&old, &new, &[], &Options::default()).ok()?;
        if steps.is_empty() || steps.iter().any(|step| step.statement.is_note()) {
            return None;
        }
        let mut fix = Self::default();
        // Statements of one transaction must not be seen half done.
        for together in steps.chunk_by(|one, other| one.transaction.is_some() && one.transaction == other.transaction) {
            let is_block = together.len() > 1;
            fix.statements.extend(is_block.then(|| "BEGIN".to_owned()));
            together.iter().for_each(|step| fix.push(step.statement.clone()));
            fix.statements.extend(is_block.then(|| "COMMIT".to_owned()));
        }
        Some(fix)
    }

    /// Returns a statement that a plan does not know.
    pub fn of(statement: Statement) -> Self {
        Self::default().and(statement)
    }

    /// Adds such a statement.
    pub fn and(mut self, statement: Statement) -> Self {
        self.push(statement);
        self
    }

    fn push(&mut self, statement: Statement) {
        self.statements.push(statement.sql);
        self.hazards.extend(statement.hazards);
    }

    /// Returns the statements as a script.
    pub fn sql(&self) -> String {
        self.statements.join(";\n") + ";"
    }

    /// Returns the words of the hazards.
    pub fn hazards(&self) -> Vec<&'static str> {
        self.hazards.iter().map(|hazard| hazard.word()).collect()
    }
}
