//! Runs the rules of migrations over a script, statement by statement. Knows no single rule.

use std::cell::{Cell, OnceCell};

use pgmeta_core::fingerprint::short_fingerprint;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column as ModelColumn, Model, ModelIndex, ObjectKey, ObjectKind, Table};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::{ColumnType, Partitions};
use crate::context::{Context, Report};
use crate::finding::{Draft, Finding};
use crate::options::Options;
use crate::rule::Judge;
use crate::script::world::{Relation, is_relation};
use crate::script::{Action, Before, Column, ColumnDefinition, Names, ObjectName, State, Statement};
use crate::statistics::Statistics;

/// What is known of the session that will run a script.
#[derive(Clone, Debug, Default)]
pub struct Assumptions {
    /// Whether a tool puts the whole script into one transaction.
    pub in_transaction: bool,
    /// The schemas in which names without a schema are looked up.
    pub search_path: Vec<String>,
    /// The name of the role, which `"$user"` in a search path means.
    pub user: String,
    /// Whether functions, by schema and name, are volatile: those that the script may call.
    pub functions: FxHashMap<(String, String), bool>,
    /// The pairs of types, named as `format_type` does, of which the values of the first are stored as those of the second.
    pub binary_casts: FxHashSet<(String, String)>,
    /// The operator classes that these types have by default, by type and access method.
    pub default_classes: FxHashMap<(String, String), String>,
    /// The types of the extensions that the script drops, named as `format_type` does.
    pub extension_types: FxHashMap<String, Vec<String>>,
    /// The names of the server's own types.
    pub server_types: FxHashSet<String>,
    /// The schemas that the role may not use.
    pub unusable_schemas: FxHashSet<String>,
}

/// A finding about a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct ScriptFinding {
    /// The number of the statement, from 1.
    pub statement: usize,
    /// The line on which the statement begins, from 1.
    pub line: usize,
    /// The finding.
    pub finding: Finding,
}

/// What a rule of migrations sees: a statement, what came before it, and the schema that the script changes.
pub(crate) struct StatementContext<'m, 's> {
    pub cx: Context<'m>,
    pub statement: &'s Statement,
    pub state: &'s State,
    pub before: &'s Before<'m>,
    /// What the statement does, without what it does not do because of IF NOT EXISTS or IF EXISTS.
    effects: &'s [&'s Action],
    locked: &'s [ObjectName],
    script: &'s [Statement],
    /// The position of the statement in the script.
    at: usize,
    /// How many equal statements come before it.
    equal: usize,
    /// What identifies the text of the statement.
    fingerprint: &'s OnceCell<String>,
    reported: Cell<usize>,
}

impl<'m, 's> StatementContext<'m, 's> {
    /// Returns what the statement does.
    pub fn actions(&self) -> impl Iterator<Item = &'s Action> + use<'s> {
        self.effects.iter().copied().inspect(|_| check())
    }

    /// Returns the statements after this one.
    pub fn later(&self) -> &'s [Statement] {
        self.script.get(self.at + 1..).unwrap_or_default()
    }

    /// Returns the relations that others use and on which the statement takes a strong lock.
    pub fn locked(&self) -> &'s [ObjectName] {
        self.locked
    }

    /// Returns what names mean at the statement.
    pub fn names(&self) -> Names<'s, 'm> {
        self.state.names(self.before)
    }

    /// Returns the table that a name means, if it exists before the script.
    pub fn table(&self, name: &ObjectName) -> Option<&'m Table> {
        let relation = self.names().find(name).filter(|own| !own.is_new)?;
        self.before.table(&relation.schema, &relation.name)
    }

    /// Returns whether others may use the relation: the script has not created it itself.
    pub fn is_in_use(&self, name: &ObjectName) -> bool {
        self.names().is_in_use(name)
    }

    /// Returns whether others may use the table, and the server has its rows.
    pub fn has_rows(&self, name: &ObjectName) -> bool {
        self.is_in_use(name) && self.table(name).is_none_or(|table| table.foreign.is_none())
    }

    /// Returns a column as it is at the statement, and as it was before the script.
    pub fn column(&self, table: &ObjectName, name: &str) -> Option<(Column, Option<&'m ModelColumn>)> {
        let column = self.names().column(&self.names().find(table)?, name)?;
        let of_table = self.table(table).into_iter().flat_map(|table| &table.columns);
        let before = of_table.map(|own| &**own).find(|own| column.before.as_deref() == Some(&*own.name));
        Some((column, before))
    }

    /// Returns the domain that is the type of a column, and those that it is made of.
    pub fn domains_of(&self, column: &ColumnDefinition) -> Vec<ColumnDefinition> {
        self.domains_from(column.base_type.as_ref())
    }

    /// Returns the domain that a type is, as it is written, and those that it is made of.
    pub fn domains_of_type(&self, name: &str) -> Vec<ColumnDefinition> {
        let own = ColumnType::parse(name);
        self.domains_from((!own.is_array).then(|| ObjectName::written(&own.base)).as_ref())
    }

    fn domains_from(&self, name: Option<&ObjectName>) -> Vec<ColumnDefinition> {
        // The statements of a script may define a domain by itself, which the server refuses.
        const DEEPEST: usize = 100;
        let domain = |name: Option<&ObjectName>| self.names().domain(name?);
        std::iter::successors(domain(name), |own| domain(own.base_type.as_ref())).take(DEEPEST).collect()
    }

    /// Returns whether the server reads all rows for NULL if a column becomes NOT NULL: nothing proves that it has none.
    pub fn reads_for_null(&self, table: &ObjectName, column: &str) -> bool {
        self.has_rows(table) && !self.has_no_null(table, column)
    }

    /// Returns whether a column is NOT NULL already, or a valid check of the table proves that it has no NULL.
    pub fn has_no_null(&self, name: &ObjectName, column: &str) -> bool {
        let names = self.names();
        let Some(relation) = names.find(name) else { return false };
        let is_proved = names.is_proved(&relation, column, &|name| self.drops_constraint(name));
        let Some((own, before)) = self.column(name, column) else { return is_proved };
        let was_not_null = || before.and_then(|own| own.not_null.as_ref()).is_some_and(|own| !own.not_valid);
        is_proved || own.not_null.unwrap_or_else(was_not_null) || self.is_proved_by_partitions(name, column)
    }

    /// Returns whether all partitions of a table prove that a column has no NULL. The table itself has no rows.
    fn is_proved_by_partitions(&self, name: &ObjectName, column: &str) -> bool {
        let Some(table) = self.table(name).filter(|table| table.partition_by.is_some()) else { return false };
        let children = self.cx.index.children(table);
        let place = |child: &Table| {
            let own = Relation { is_new: false, schema: child.schema.to_string(), name: child.name.to_string() };
            self.names().place_of(&own)
        };
        let mut present = children.iter().inspect(|_| check()).filter_map(|child| place(child));
        !children.is_empty()
            && present.all(|(schema, name)| self.has_no_null(&ObjectName::in_schema(&schema, &name), column))
    }

    /// Returns whether the statement drops a constraint, which the server does first.
    pub fn drops_constraint(&self, constraint: &str) -> bool {
        self.actions().any(|action| matches!(action, Action::DropConstraint { name, .. } if name == constraint))
    }

    /// Returns whether the statement, or one before it in the same transaction, adds a constraint that is NOT VALID.
    pub fn adds_in_transaction(&self, table: &ObjectName, constraint: &str) -> bool {
        let ends = |own: &&Statement| {
            own.actions.iter().any(|action| matches!(action, Action::Begin | Action::Commit | Action::Rollback))
        };
        let before = self.script[..self.at].iter().rev().inspect(|_| check()).take_while(|own| !ends(own));
        let before = before.take(if self.state.in_transaction() { usize::MAX } else { 0 });
        before.chain([self.statement]).flat_map(|own| &own.actions).any(|action| match action {
            Action::AddConstraint { table: of, constraint: own } => {
                of == table && own.not_valid && own.name.as_deref() == Some(constraint)
            }
            _ => false,
        })
    }

    /// Returns the key columns of an index in the schema of a table.
    pub fn index_columns(&self, table: &ObjectName, index: &str) -> Vec<String> {
        let names = self.names();
        let index = names.find_place(table).and_then(|((schema, _), _)| names.index_at(&schema, index));
        let index = index.and_then(|own| names.present_index(&own));
        index.into_iter().flat_map(|own| own.definition.key_columns().map(str::to_owned).collect::<Vec<_>>()).collect()
    }

    /// Returns " of about 1000 rows" for a table whose number of rows is known and not zero, else an empty text.
    pub fn of_rows(&self, name: &ObjectName) -> String {
        self.rows(name).map_or_else(String::new, |rows| format!(" of about {rows:.0} rows"))
    }

    fn rows(&self, name: &ObjectName) -> Option<f64> {
        let table = self.table(name)?;
        let facts = self.cx.statistics.tables.as_ref()?.get(&*table.schema)?.get(&*table.name)?;
        facts.rows.filter(|rows| *rows >= 1.0)
    }

    /// Begins a finding about an object of the statement.
    pub fn draft(&self, kind: ObjectKind, name: &ObjectName, detail: impl Into<String>) -> Draft {
        let schema = match &name.schema {
            Some(schema) => Some(schema.clone()),
            None => self.names().find_place(name).map(|((schema, _), _)| schema),
        };
        let draft = match schema {
            Some(schema) => Draft::of(ObjectKey::in_schema(kind, &schema.into(), &name.name.as_str().into()), detail),
            None => Draft::about_no_object(detail).fact("name", name.name.clone()),
        };
        self.distinguish(draft)
    }

    /// Begins a finding about the statement itself.
    pub fn draft_of_statement(&self, detail: impl Into<String>) -> Draft {
        self.distinguish(Draft::about_no_object(detail))
    }

    /// Findings about equal statements, and about one, have keys of their own.
    fn distinguish(&self, draft: Draft) -> Draft {
        let reported = self.reported.replace(self.reported.get() + 1);
        let own = self.fingerprint.get_or_init(|| short_fingerprint(&self.statement.sql));
        draft.part(format!("{own}.{}.{reported}", self.equal))
    }
}

/// Returns the names of the functions in the defaults of a script's columns and domains, and in those of a model's domains.
pub fn functions_of_defaults(script: &[Statement], model: &Model) -> Vec<String> {
    let own = script.iter().flat_map(|statement| &statement.actions).filter_map(|action| match action {
        Action::AddColumn { column: own, .. } | Action::DefineDomain { definition: own, .. } => {
            own.default_functions.clone()
        }
        _ => None,
    });
    let of_domains = model.domains.iter().filter_map(|own| ColumnDefinition::of_domain(own).default_functions);
    let mut names: Vec<String> = own.chain(of_domains).flatten().map(|function| function.name).collect();
    names.sort();
    names.dedup();
    names
}

/// Returns what a statement does: without what IF NOT EXISTS or IF EXISTS makes it leave out.
pub(super) fn effects<'s>(statement: &'s Statement, names: Names<'_, '_>) -> Vec<&'s Action> {
    let exists = |name: &ObjectName| {
        let (schema, name) = names.place_of_new(name);
        names.at(&schema, &name).is_some()
    };
    let is_left_out = |action: &Action| match action {
        Action::Create {
            kind: "table" | "foreign table" | "materialized view" | "sequence",
            name,
            repeatable,
            temporary,
        } => *repeatable && !*temporary && exists(name),
        Action::CreateIndex { index: Some(index), table, repeatable: true, .. } => {
            let place = names.find_place(table);
            place.is_some_and(|((schema, _), _)| names.at(&schema, index).is_some())
        }
        Action::AddColumn { table, column, repeatable: true } => {
            names.find(table).is_some_and(|relation| names.column(&relation, &column.name).is_some())
        }
        Action::DropColumn { table, column, repeatable: true } => {
            let known =
                names.find(table).filter(|own| !own.is_new && names.before.table(&own.schema, &own.name).is_some());
            known.is_some_and(|relation| names.column(&relation, column).is_none())
        }
        Action::Drop { kind, names: dropped, repeatable: true, .. } if is_relation(kind) || *kind == "index" => {
            dropped.iter().all(|name| names.find(name).is_none())
        }
        Action::Drop { names: dropped, repeatable: true, .. } => dropped.iter().all(|name| names.is_gone(name)),
        _ => false,
    };
    // Without the trigger, its table is not locked.
    if let [Action::Drop { kind, names: parts, repeatable: true, .. }, Action::Lock { tables }] = &*statement.actions
        && parts.iter().zip(tables).all(|(part, table)| !names.has_part(kind, table, &part.name))
    {
        return Vec::new();
    }
    // What else CREATE TABLE does, it does for its table.
    if statement.actions.first().is_some_and(|first| matches!(first, Action::Create { .. }) && is_left_out(first)) {
        return Vec::new();
    }
    statement.actions.iter().filter(|action| !is_left_out(action)).collect()
}

/// Returns the relations that others use and on which a statement takes a strong lock.
fn strong_locks(effects: &[&Action], names: Names<'_, '_>) -> Vec<ObjectName> {
    let mut locked = Vec::new();
    for action in effects {
        let is_created = matches!(action, Action::Create { .. });
        // What a statement creates exists before only if it is replaced.
        let is_in_use = |name: &&ObjectName| {
            check();
            if is_created { names.find(name).is_some_and(|own| !own.is_new) } else { names.is_in_use(name) }
        };
        locked.extend(action.locked().into_iter().filter(is_in_use).cloned());
        match action {
            Action::AttachPartition { table, .. } | Action::CreatePartition { table, .. } => {
                // Its rows must not belong to the new partition, and those of the new partition refer to others.
                locked.extend(names.default_partition(table));
                locked.extend(names.referenced_by(table));
            }
            Action::Drop { kind: "schema", names: schemas, cascade: true, .. } => {
                let old = schemas.iter().filter(|schema| !names.is_new_schema(&schema.name));
                locked.extend(old.filter_map(|schema| names.before.any_table_of(&schema.name)));
            }
            Action::Drop { kind, names: types, cascade: true, .. } => {
                let columns = types.iter().flat_map(|name| names.columns_with(kind, name));
                locked.extend(columns.map(|(table, _)| table));
            }
            Action::ConstrainDomain { name, reads_rows: true, .. } => {
                locked.extend(names.columns_of_type(name).into_iter().map(|(table, _)| table));
            }
            _ => {}
        }
    }
    locked
}

/// Runs the rules of migrations that options choose. `model` is the schema before the script.
pub fn lint_script(
    script: &[Statement],
    model: &Model,
    statistics: Option<&Statistics>,
    assumptions: &Assumptions,
    options: &Options,
) -> Vec<ScriptFinding> {
    let nothing = Statistics::default();
    let statistics = statistics.unwrap_or(&nothing);
    let index = ModelIndex::of(model);
    let partitions = Partitions::of(&index);
    let before = Before::new(&index, assumptions);
    let mut state = State::before_script(assumptions);
    let mut all = Vec::new();
    let mut equals: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, statement) in script.iter().enumerate() {
        check();
        let equal = *equals.entry(&statement.sql).and_modify(|count| *count += 1).or_default();
        let fingerprint = OnceCell::new();
        let effects = effects(statement, state.names(&before));
        let locked = strong_locks(&effects, state.names(&before));
        let mut found = Vec::new();
        for chosen in &options.chosen {
            let Judge::Statement(judge) = chosen.rule.judge else { continue };
            let cx = Context { model, index: &index, partitions: &partitions, statistics, settings: &chosen.settings };
            let cx = StatementContext {
                cx,
                statement,
                state: &state,
                before: &before,
                effects: &effects,
                locked: &locked,
                script,
                at,
                equal,
                fingerprint: &fingerprint,
                reported: Cell::default(),
            };
            judge(&cx, &mut Report::of(chosen.rule, chosen.level, &mut found));
        }
        state.note(&statement.actions, &before);
        state.advance(&effects, !locked.is_empty(), &before);
        found.retain(|finding| {
            let excluded = finding.key.as_ref().is_some_and(|key| options.excludes(finding.rule, key));
            finding.level >= options.min_level && !excluded && !options.ignore.contains(&finding.cache_key)
        });
        found.sort_by_key(|finding| std::cmp::Reverse(finding.level));
        let (number, line) = (statement.number, statement.line);
        all.extend(found.into_iter().map(|finding| ScriptFinding { statement: number, line, finding }));
    }
    all
}
