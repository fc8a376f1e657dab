//! The statements that mend a finding: what a plan makes of a change of the model, and the few that change nothing in it.

use std::collections::BTreeSet;

use pgmeta_core::model::{Model, ObjectRef};
use pgmeta_core::plan::{Hazard, Options, Statement, plan};

use crate::context::Context;

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
        objects.into_iter().for_each(|object| old.push(object));
        old.tables.iter_mut().for_each(|table| table.rows_estimate = None);
        old.sort();
        let mut new = old.clone();
        change(&mut new);
        new.sort();
        let steps = plan(&old, &new, &[], &Options::default()).ok()?;
        if steps.is_empty() || steps.iter().any(|step| step.statement.is_note()) {
            return None;
        }
        Some(Self::of(steps.into_iter().map(|step| step.statement)))
    }

    /// Returns statements that a plan does not know.
    pub fn of(statements: impl IntoIterator<Item = Statement>) -> Self {
        let mut fix = Self::default();
        for statement in statements {
            fix.statements.push(statement.sql);
            fix.hazards.extend(statement.hazards);
        }
        fix
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
