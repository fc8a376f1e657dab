//! What a script has done before a statement: the transaction, the settings, the new relations. Judges nothing.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::script::{Action, Assumptions, ObjectName, Statement};

/// The schema of temporary relations.
const TEMPORARY: &str = "pg_temp";

/// The table and the name of a constraint.
type ConstraintKey = (ObjectName, String);

/// The state of a session before a statement.
#[derive(Clone, Debug, Default)]
pub(crate) struct State {
    /// Whether the script itself has begun a transaction that is open.
    pub begun: bool,
    /// Whether the statement runs in a transaction with others.
    pub in_transaction: bool,
    /// Whether a statement has taken a strong lock on a relation that others use.
    pub has_locked: bool,
    /// Whether lock_timeout is set.
    pub lock_timeout: bool,
    /// Whether statement_timeout is set.
    pub statement_timeout: bool,
    /// Both settings after the transaction, if SET LOCAL has changed one.
    after_transaction: Option<(bool, bool)>,
    objects: NewObjects,
    /// The new objects before the transaction, which ROLLBACK restores.
    before_transaction: Option<NewObjects>,
}

/// What the script has made.
#[derive(Clone, Debug, Default)]
struct NewObjects {
    /// The relations that the script has created: nobody else uses them.
    relations: FxHashSet<ObjectName>,
    schemas: FxHashSet<String>,
    /// The constraints that the script has validated.
    validated: FxHashSet<ConstraintKey>,
    /// The checks that a column has a value, by their keys, and whether the server has proved them.
    checks: FxHashMap<ConstraintKey, (String, bool)>,
}

impl State {
    pub fn before_script(assumptions: &Assumptions) -> Self {
        Self { in_transaction: assumptions.in_transaction, ..Self::default() }
    }

    /// Notes what a statement does. `exists`: whether a table existed before the script.
    pub fn advance(&mut self, statement: &Statement, assumptions: &Assumptions, exists: &dyn Fn(&ObjectName) -> bool) {
        let locks = |action: &Action| action.locked().into_iter().any(|name| !self.is_new(name, assumptions));
        self.has_locked |= statement.actions.iter().any(locks);
        for action in &statement.actions {
            match action {
                Action::Begin => {
                    self.begun = true;
                    self.before_transaction = Some(self.objects.clone());
                }
                Action::Commit | Action::Rollback => self.end_transaction(*action == Action::Rollback),
                Action::Create { kind: "schema", name, .. } => drop(self.objects.schemas.insert(name.name.clone())),
                // What exists already is not created.
                Action::Create { kind, name, repeatable, temporary }
                    if is_relation(kind) && (*temporary || !repeatable || !exists(name)) =>
                {
                    let schema = if *temporary { Some(TEMPORARY.to_owned()) } else { name.schema.clone() };
                    let name = ObjectName { schema, name: name.name.clone() };
                    self.objects.relations.insert(qualified(&name, assumptions));
                }
                Action::CreateIndex { index: Some(index), table, .. } => {
                    let name = ObjectName { schema: table.schema.clone(), name: index.clone() };
                    self.objects.relations.insert(qualified(&name, assumptions));
                }
                Action::AddConstraint { table, constraint } => {
                    if let (Some(name), Some(column)) = (&constraint.name, &constraint.not_null_column) {
                        let check = (column.clone(), !constraint.not_valid);
                        self.objects.checks.insert(constraint_key(table, name, assumptions), check);
                    }
                }
                Action::ValidateConstraint { table, name } => {
                    let key = constraint_key(table, name, assumptions);
                    if let Some((_, is_proved)) = self.objects.checks.get_mut(&key) {
                        *is_proved = true;
                    }
                    self.objects.validated.insert(key);
                }
                Action::DropConstraint { table, name, .. } => {
                    let key = constraint_key(table, name, assumptions);
                    self.objects.checks.remove(&key);
                    self.objects.validated.remove(&key);
                }
                Action::Set { name, value, local } => self.set(name, value.as_deref(), *local),
                _ => {}
            }
        }
        self.in_transaction = self.begun || assumptions.in_transaction;
    }

    fn end_transaction(&mut self, rolls_back: bool) {
        self.begun = false;
        if let Some((lock_timeout, statement_timeout)) = self.after_transaction.take() {
            (self.lock_timeout, self.statement_timeout) = (lock_timeout, statement_timeout);
        }
        if let Some(objects) = self.before_transaction.take()
            && rolls_back
        {
            self.objects = objects;
        }
    }

    fn set(&mut self, name: &str, value: Option<&str>, local: bool) {
        if local && self.after_transaction.is_none() {
            self.after_transaction = Some((self.lock_timeout, self.statement_timeout));
        }
        // Zero in any unit does not limit.
        let is_limit = value.is_some_and(|value| value.chars().any(|c| matches!(c, '1'..='9')));
        match name {
            "lock_timeout" => self.lock_timeout = is_limit,
            "statement_timeout" => self.statement_timeout = is_limit,
            "all" => (self.lock_timeout, self.statement_timeout) = (false, false),
            _ => {}
        }
    }

    /// Returns whether the script has created a relation.
    pub fn is_new(&self, name: &ObjectName, assumptions: &Assumptions) -> bool {
        let relations = &self.objects.relations;
        if relations.is_empty() {
            return false;
        }
        let in_schema =
            |schema: &str| relations.contains(&ObjectName { schema: Some(schema.to_owned()), name: name.name.clone() });
        match &name.schema {
            Some(schema) => in_schema(schema),
            None => in_schema(TEMPORARY) || in_schema(creation_schema(assumptions)),
        }
    }

    /// Returns whether the script has created a schema.
    pub fn is_new_schema(&self, name: &str) -> bool {
        self.objects.schemas.contains(name)
    }

    /// Returns whether the script has created a temporary relation with the name.
    pub fn is_temporary(&self, name: &ObjectName) -> bool {
        let temporary = ObjectName { schema: Some(TEMPORARY.to_owned()), name: name.name.clone() };
        self.objects.relations.contains(&temporary)
    }

    /// Returns whether the script has validated a constraint of a table.
    pub fn is_validated(&self, table: &ObjectName, name: &str, assumptions: &Assumptions) -> bool {
        self.objects.validated.contains(&constraint_key(table, name, assumptions))
    }

    /// Returns whether a check that the script has added and validated proves that a column has no NULL.
    pub fn is_proved(&self, table: &ObjectName, column: &str, assumptions: &Assumptions) -> bool {
        let table = qualified(table, assumptions);
        let mut checks = self.objects.checks.iter();
        checks.any(|((own_table, _), (own_column, proved))| *proved && *own_table == table && own_column == column)
    }
}

fn is_relation(kind: &str) -> bool {
    matches!(kind, "table" | "foreign table" | "view" | "materialized view" | "sequence")
}

/// Returns the schema in which objects without a written schema are created.
fn creation_schema(assumptions: &Assumptions) -> &str {
    assumptions.search_path.first().map_or("", |schema| schema)
}

/// Returns a name with the schema that it has if it is created.
fn qualified(name: &ObjectName, assumptions: &Assumptions) -> ObjectName {
    let schema = name.schema.clone().unwrap_or_else(|| creation_schema(assumptions).to_owned());
    ObjectName { schema: Some(schema), name: name.name.clone() }
}

fn constraint_key(table: &ObjectName, name: &str, assumptions: &Assumptions) -> ConstraintKey {
    (qualified(table, assumptions), name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(actions: Vec<Action>) -> State {
        let assumptions = Assumptions { search_path: vec!["app".to_owned()], ..Assumptions::default() };
        let mut state = State::before_script(&assumptions);
        for action in actions {
            let statement = Statement { actions: vec![action], ..Statement::default() };
            state.advance(&statement, &assumptions, &|name| name.name == "old");
        }
        state
    }

    fn set(value: &str, local: bool) -> Action {
        Action::Set { name: "lock_timeout".to_owned(), value: Some(value.to_owned()), local }
    }

    fn create(name: &str, repeatable: bool) -> Action {
        let name = ObjectName { schema: None, name: name.to_owned() };
        Action::Create { kind: "table", name, repeatable, temporary: false }
    }

    #[test]
    fn a_timeout_lasts_as_long_as_the_server_keeps_it() {
        let reset = Action::Set { name: "all".to_owned(), value: None, local: false };
        for (actions, expected) in [
            (vec![set("2s", false)], true),
            (vec![set("0min", false)], false),
            (vec![set("2s", false), reset], false),
            (vec![Action::Begin, set("2s", true)], true),
            (vec![Action::Begin, set("2s", true), Action::Commit], false),
        ] {
            assert_eq!(after(actions.clone()).lock_timeout, expected, "{actions:?}");
        }
    }

    #[test]
    fn a_table_is_new_if_the_script_has_created_it() {
        let assumptions = Assumptions { search_path: vec!["app".to_owned()], ..Assumptions::default() };
        let is_new = |state: &State, schema: Option<&str>, name: &str| {
            state.is_new(&ObjectName { schema: schema.map(str::to_owned), name: name.to_owned() }, &assumptions)
        };
        let state = after(vec![create("new", false), create("old", true), create("other", true)]);
        assert!(is_new(&state, None, "new") && is_new(&state, Some("app"), "new") && is_new(&state, None, "other"));
        assert!(!is_new(&state, None, "old") && !is_new(&state, Some("public"), "new"));
        let state = after(vec![Action::Begin, create("new", false), Action::Rollback]);
        assert!(!is_new(&state, None, "new"));
    }
}
