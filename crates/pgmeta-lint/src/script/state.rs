//! What a script has done before a statement: the transaction, the settings, the changes of the schema. Judges nothing.

use crate::script::world::Mark;
use crate::script::{Action, Assumptions, Before, Names, Settings, World};

/// The state of a session before a statement.
#[derive(Debug, Default)]
pub(crate) struct State {
    /// Whether the script itself has begun a transaction that is open.
    pub begun: bool,
    /// Whether the tool has begun a transaction that is open.
    pub in_transaction_of_tool: bool,
    /// Whether a statement has taken a strong lock, on a relation that others use, without lock_timeout.
    pub has_locked_without_lock_timeout: bool,
    /// Likewise without statement_timeout.
    pub has_locked_without_statement_timeout: bool,
    settings: Settings,
    world: World,
    /// The temporary tables that the end of the transaction drops.
    dropped_on_commit: Vec<String>,
    /// What ROLLBACK restores.
    before_transaction: Option<(Settings, Mark)>,
    /// What ROLLBACK TO restores, by the names of the savepoints.
    savepoints: Vec<(String, Settings, Mark)>,
}

impl State {
    pub fn before_script(assumptions: &Assumptions) -> Self {
        let settings = Settings::of_user(&assumptions.user);
        Self { in_transaction_of_tool: assumptions.in_transaction, settings, ..Self::default() }
    }

    /// Returns whether the statement runs in a transaction with others.
    pub fn in_transaction(&self) -> bool {
        self.begun || self.in_transaction_of_tool
    }

    /// Returns whether lock_timeout is set.
    pub fn lock_timeout(&self) -> bool {
        self.settings.current.lock_timeout
    }

    /// Returns whether statement_timeout is set.
    pub fn statement_timeout(&self) -> bool {
        self.settings.current.statement_timeout
    }

    /// Returns what names mean.
    pub fn names<'a, 'm>(&'a self, before: &'a Before<'m>) -> Names<'a, 'm> {
        Names { world: &self.world, before, search_path: self.settings.search_path(before.search_path()) }
    }

    /// Notes which objects the actions of a statement create and drop, also if IF EXISTS makes them do nothing.
    pub fn note(&mut self, actions: &[Action], before: &Before<'_>) {
        let path = self.settings.search_path(before.search_path());
        actions.iter().for_each(|action| self.world.note(action, before, path));
    }

    /// Notes what a statement does. `has_locked`: whether it takes a strong lock on a relation that others use.
    pub fn advance(&mut self, effects: &[&Action], has_locked: bool, before: &Before<'_>) {
        self.has_locked_without_lock_timeout |= has_locked && !self.lock_timeout();
        self.has_locked_without_statement_timeout |= has_locked && !self.statement_timeout();
        for action in effects {
            self.act(action, before);
        }
        if !self.in_transaction() {
            // A statement outside of a transaction is one.
            self.drop_on_commit();
            self.world.commit();
        }
    }

    fn act(&mut self, action: &Action, before: &Before<'_>) {
        match action {
            // Within a transaction, the server only warns.
            Action::Begin if self.in_transaction() => {}
            Action::Begin => {
                self.begun = true;
                self.before_transaction = Some((self.settings.clone(), self.world.mark()));
            }
            Action::Commit | Action::Rollback => self.end_transaction(*action == Action::Rollback),
            Action::Savepoint { name } => {
                self.savepoints.push((name.clone(), self.settings.clone(), self.world.mark()));
            }
            Action::Release { name } => {
                if let Some(at) = self.savepoints.iter().rposition(|(own, ..)| own == name) {
                    self.savepoints.truncate(at);
                }
            }
            Action::RollbackTo { name } => self.roll_back_to(name),
            Action::Set { name, value, local } => {
                self.settings.set(name, value.as_deref(), *local, self.in_transaction());
            }
            Action::Discard { all } => {
                self.world.drop_temporary(None);
                if *all {
                    self.settings.set("all", None, false, false);
                }
            }
            Action::DropOnCommit { table } => self.dropped_on_commit.push(table.name.clone()),
            _ => self.world.apply(action, before, self.settings.search_path(before.search_path())),
        }
    }

    fn end_transaction(&mut self, rolls_back: bool) {
        (self.begun, self.in_transaction_of_tool) = (false, false);
        self.savepoints.clear();
        if let Some((settings, mark)) = self.before_transaction.take()
            && rolls_back
        {
            self.settings = settings;
            self.world.roll_back(mark);
            self.dropped_on_commit.clear();
        }
        self.drop_on_commit();
        self.settings.end_transaction();
        self.world.commit();
    }

    fn drop_on_commit(&mut self) {
        if !self.dropped_on_commit.is_empty() {
            self.world.drop_temporary(Some(&std::mem::take(&mut self.dropped_on_commit)));
        }
    }

    fn roll_back_to(&mut self, name: &str) {
        // The savepoint itself remains.
        if let Some(at) = self.savepoints.iter().rposition(|(own, ..)| own == name) {
            self.savepoints.truncate(at + 1);
            let (_, settings, mark) = &self.savepoints[at];
            self.settings = settings.clone();
            self.world.roll_back(*mark);
        }
    }
}

#[cfg(test)]
mod tests {
    use pgmeta_core::model::{ConstraintKind, Model, ModelIndex, Schema, Table};
    use rustc_hash::FxHashMap;

    use super::*;
    use crate::script::run::effects;
    use crate::script::{ColumnDefinition, ConstraintDefinition, ObjectName, Statement};

    fn name(text: &str) -> ObjectName {
        match text.split_once('.') {
            Some((schema, name)) => ObjectName { schema: Some(schema.to_owned()), name: name.to_owned() },
            None => ObjectName { schema: None, name: text.to_owned() },
        }
    }

    fn set(setting: &str, value: &str, local: bool) -> Action {
        Action::Set { name: setting.to_owned(), value: Some(value.to_owned()), local }
    }

    fn create(text: &str, repeatable: bool, temporary: bool) -> Action {
        Action::Create { kind: "table", name: name(text), repeatable, temporary }
    }

    fn drop(kind: &'static str, text: &str) -> Action {
        Action::Drop { kind, names: vec![name(text)], concurrently: false, repeatable: false, cascade: false }
    }

    fn rename(kind: &'static str, from: &str, to: &str) -> Action {
        Action::Rename { kind, object: name(from), part: None, is_column: false, to: to.to_owned(), repeatable: false }
    }

    fn savepoint(name: &str) -> Action {
        Action::Savepoint { name: name.to_owned() }
    }

    fn release(name: &str) -> Action {
        Action::Release { name: name.to_owned() }
    }

    fn drop_on_commit(table: &str) -> Action {
        Action::DropOnCommit { table: name(table) }
    }

    fn roll_back_to(name: &str) -> Action {
        Action::RollbackTo { name: name.to_owned() }
    }

    /// Calls `see` with the names after some actions. Before them there are app.old and other.old; the search path is app, other.
    fn after<T>(actions: Vec<Action>, see: impl FnOnce(&State, Names<'_, '_>) -> T) -> T {
        let old = |schema: &str| Table { schema: schema.into(), name: "old".into(), ..Table::default() };
        let schema = |name: &str| Schema { name: name.into(), ..Schema::default() };
        let model = Model {
            schemas: ["app", "other"].map(schema).into(),
            tables: ["app", "other"].map(old).into(),
            ..Model::default()
        };
        let functions =
            [(("pg_catalog".to_owned(), "now".to_owned()), false), (("app".to_owned(), "now".to_owned()), true)];
        let assumptions = Assumptions {
            search_path: ["app", "other"].map(str::to_owned).into(),
            functions: FxHashMap::from_iter(functions),
            ..Assumptions::default()
        };
        let index = ModelIndex::of(&model);
        let before = Before::new(&index, &assumptions);
        let mut state = State::before_script(&assumptions);
        for action in actions {
            let statement = Statement { actions: vec![action], ..Statement::default() };
            let effects = effects(&statement, state.names(&before));
            state.advance(&effects, false, &before);
        }
        see(&state, state.names(&before))
    }

    #[test]
    fn a_timeout_lasts_as_long_as_the_server_keeps_it() {
        let set = |value, local| set("lock_timeout", value, local);
        let reset = || Action::Set { name: "all".to_owned(), value: None, local: false };
        for (actions, expected) in [
            (vec![set("2s", false)], true),
            (vec![set("0min", false)], false),
            (vec![set("2s", false), reset()], false),
            (vec![set("2s", true)], false),
            (vec![Action::Begin, set("2s", true)], true),
            (vec![Action::Begin, set("2s", true), Action::Commit], false),
            (vec![Action::Begin, set("2s", true), set("3s", false), Action::Commit], true),
            (vec![Action::Begin, set("2s", false), Action::Rollback], false),
            (vec![Action::Begin, savepoint("a"), set("2s", false), roll_back_to("a"), Action::Commit], false),
        ] {
            let found = after(actions.clone(), |state, _| state.lock_timeout());
            assert_eq!(found, expected, "{actions:?}");
        }
    }

    /// Says what a name means: `new`, the old relation, or nothing.
    fn meaning(actions: Vec<Action>, text: &str) -> String {
        after(actions, |_, names| match names.find(&name(text)) {
            None => "nothing".to_owned(),
            Some(relation) if relation.is_new => "new".to_owned(),
            Some(relation) => format!("{}.{}", relation.schema, relation.name),
        })
    }

    #[test]
    fn names_mean_what_the_script_has_made_of_them() {
        let schema = |repeatable| Action::Create { kind: "schema", name: name("s"), repeatable, temporary: false };
        let set_schema = |text: &str, schema: &str| Action::SetSchema {
            kind: "table",
            object: name(text),
            schema: schema.to_owned(),
            repeatable: false,
        };
        for (actions, text, expected) in [
            (vec![], "old", "app.old"),
            (vec![], "new", "nothing"),
            (vec![create("new", false, false)], "app.new", "new"),
            (vec![create("old", true, false)], "old", "app.old"),
            (vec![create("old", true, true)], "old", "new"),
            (vec![create("old", false, true)], "app.old", "app.old"),
            (vec![create("old", false, true), drop("table", "old")], "old", "app.old"),
            (vec![create("new", false, false), drop("table", "new")], "new", "nothing"),
            (vec![drop("table", "old")], "old", "other.old"),
            (vec![create("new", false, false), rename("table", "new", "newer")], "newer", "new"),
            (vec![rename("table", "old", "older"), create("old", false, false)], "old", "new"),
            (vec![rename("table", "old", "older")], "older", "app.old"),
            (vec![set_schema("other.old", "app2")], "app2.old", "other.old"),
            (vec![set("search_path", "other", false)], "old", "other.old"),
            (vec![set("search_path", "other", false), create("new", false, false)], "other.new", "new"),
            (vec![schema(false), create("s.t", false, false)], "s.t", "new"),
            (vec![schema(false), create("s.t", false, false), rename("schema", "s", "r")], "r.t", "new"),
            (vec![rename("schema", "app", "r")], "r.old", "app.old"),
            (vec![rename("schema", "app", "r")], "app.old", "nothing"),
            (vec![create("s.t", false, false), drop("schema", "s")], "s.t", "nothing"),
            (vec![Action::Begin, create("new", false, false), Action::Rollback], "new", "nothing"),
            (vec![Action::Begin, savepoint("a"), create("new", false, false), roll_back_to("a")], "new", "nothing"),
            (vec![Action::Begin, create("new", false, false), savepoint("a"), roll_back_to("a")], "new", "new"),
            (vec![Action::Begin, create("new", false, false), Action::Begin, Action::Rollback], "new", "nothing"),
            (
                vec![
                    Action::Begin,
                    savepoint("a"),
                    create("old", false, true),
                    savepoint("a"),
                    release("a"),
                    roll_back_to("a"),
                ],
                "old",
                "app.old",
            ),
            (vec![set("search_path", "app, pg_temp", false), create("old", false, true)], "old", "app.old"),
            (vec![set("search_path", "pg_temp, app", false), create("old", false, false)], "app.old", "app.old"),
            (vec![create("old", false, true), Action::Discard { all: false }], "old", "app.old"),
            (vec![Action::Begin, create("old", false, true), drop_on_commit("old"), Action::Commit], "old", "app.old"),
        ] {
            assert_eq!(meaning(actions.clone(), text), expected, "{text} after {actions:?}");
        }
        assert!(after(vec![schema(true)], |_, names| names.is_new_schema("s")));
        let again = Action::Create { kind: "schema", name: name("app"), repeatable: true, temporary: false };
        assert!(!after(vec![again], |_, names| names.is_new_schema("app")));
    }

    #[test]
    fn a_function_is_the_first_of_its_name() {
        let define = |text: &str| Action::DefineFunction { name: name(text), volatile: true };
        for (actions, text, expected) in [
            (vec![], "now", false),
            (vec![], "app.now", true),
            (vec![set("search_path", "app, pg_catalog", false)], "now", true),
            (vec![], "other_function", false),
            (vec![define("own")], "own", true),
            (vec![define("own")], "app.own", true),
        ] {
            let found = after(actions.clone(), |_, names| names.is_volatile(&name(text)));
            assert_eq!(found, expected, "{text} after {actions:?}");
        }
    }

    #[test]
    fn a_valid_check_proves_that_its_columns_have_values() {
        let add = |not_valid| Action::AddConstraint {
            table: name("old"),
            constraint: ConstraintDefinition {
                name: Some("c".to_owned()),
                not_valid,
                columns: vec!["a".to_owned(), "b".to_owned()],
                not_null_columns: vec!["a".to_owned(), "b".to_owned()],
                ..ConstraintDefinition::of(ConstraintKind::Check)
            },
        };
        let validate = |table: &str| Action::ValidateConstraint { table: name(table), name: "c".to_owned() };
        let column = Action::Rename {
            kind: "table",
            object: name("old"),
            part: Some("b".to_owned()),
            is_column: true,
            to: "d".to_owned(),
            repeatable: false,
        };
        for (actions, table, column, expected) in [
            (vec![add(true)], "old", "b", false),
            (vec![add(false)], "app.old", "b", true),
            (vec![add(true), validate("old")], "old", "a", true),
            (vec![add(true), validate("old")], "other.old", "a", false),
            (vec![add(true), rename("table", "old", "older"), validate("older")], "older", "a", true),
            (vec![add(false), column], "old", "d", true),
        ] {
            let found = after(actions.clone(), |_, names| {
                names.find(&name(table)).is_some_and(|relation| names.is_proved(&relation, column, &|_| false))
            });
            assert_eq!(found, expected, "{table}.{column} after {actions:?}");
        }
    }

    #[test]
    fn a_domain_of_the_script_is_known() {
        let definition = ColumnDefinition { not_null: true, ..ColumnDefinition::default() };
        let define = Action::DefineDomain { name: name("d"), definition };
        assert!(after(vec![define], |_, names| names.domain(&name("app.d")).is_some_and(|own| own.not_null)));
    }
}
