//! What a script has done before a statement: the transaction, the settings, the new relations. Judges nothing.

use rustc_hash::FxHashSet;

use crate::script::{Action, Assumptions, ObjectName, Statement};

/// The state of a session before a statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// Whether the script itself has begun a transaction that is open.
    pub begun: bool,
    /// Whether the statement runs in a transaction with others.
    pub in_transaction: bool,
    /// Whether lock_timeout is set.
    pub lock_timeout: bool,
    /// Whether statement_timeout is set.
    pub statement_timeout: bool,
    /// Whether a statement has taken a strong lock on a relation that others use.
    pub has_locked: bool,
    /// The relations that the script has created: nobody else uses them.
    created: FxHashSet<ObjectName>,
    /// Those of them that are temporary.
    temporary: FxHashSet<ObjectName>,
    /// The tables with a constraint that the script has validated.
    validated: FxHashSet<ObjectName>,
}

impl State {
    pub fn before_script(assumptions: &Assumptions) -> Self {
        Self { in_transaction: assumptions.in_transaction, ..Self::default() }
    }

    /// Notes what a statement does.
    pub fn advance(&mut self, statement: &Statement, assumptions: &Assumptions) {
        let locks = |action: &Action| action.locked().into_iter().any(|name| !self.is_new(name));
        self.has_locked |= statement.actions.iter().any(locks);
        for action in &statement.actions {
            match action {
                Action::Begin => self.begun = true,
                Action::Commit | Action::Rollback => self.begun = false,
                Action::Create { name, temporary, .. } => {
                    self.created.insert(name.clone());
                    self.temporary.extend(temporary.then(|| name.clone()));
                }
                Action::ValidateConstraint { table, .. } => drop(self.validated.insert(table.clone())),
                Action::CreateIndex { index: Some(index), table, .. } => {
                    self.created.insert(ObjectName { schema: table.schema.clone(), name: index.clone() });
                }
                Action::Set { name, value } => {
                    let is_set = value.as_deref().is_some_and(|value| !matches!(value, "0" | "0s" | "0ms"));
                    match &**name {
                        "lock_timeout" => self.lock_timeout = is_set,
                        "statement_timeout" => self.statement_timeout = is_set,
                        _ => {}
                    }
                }
                _ => {}
            }
        }
        self.in_transaction = self.begun || assumptions.in_transaction;
    }

    /// Returns whether the script has created a temporary relation with the name.
    pub fn is_temporary(&self, name: &ObjectName) -> bool {
        self.temporary.contains(name)
    }

    /// Returns whether the script has validated a constraint of a table.
    pub fn is_validated(&self, table: &ObjectName) -> bool {
        self.validated.contains(table)
    }

    /// Returns whether the script has created a relation.
    pub fn is_new(&self, name: &ObjectName) -> bool {
        self.created.contains(name)
    }
}
