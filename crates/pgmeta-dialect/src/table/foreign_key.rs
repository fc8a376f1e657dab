//! Foreign keys: whether the dialect can have them, with which actions, and in which order of columns.

use pgmeta_core::ident::qualified;
use pgmeta_core::model::{Constraint, ConstraintKind, ForeignKey, ForeignKeyAction, ForeignKeyMatch, Generated};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::loss::{Action, Place};
use crate::pointer::place;
use crate::target::{ColumnType, KeyPart};

use super::cascade::Cascades;
use super::plan::{Named, Namespaces, TablePlan};
use super::unique::{Keys, claim};
use super::{Notes, World, comment};

/// What the foreign keys of all tables share.
pub(super) struct ForeignKeys<'k> {
    pub by_name: FxHashMap<(&'k str, &'k str), usize>,
    pub keys: Vec<Keys>,
    /// What the actions of deletes reach, and those of updates.
    pub deletes: Cascades,
    pub updates: Cascades,
}

/// A foreign key in the dialect.
pub(super) struct Printed {
    /// The clause, from CONSTRAINT on.
    pub sql: String,
    /// The constraint's name in quotes.
    pub name: String,
    /// The referenced table.
    pub target: usize,
    /// Whether the key that it refers to is an index of its own.
    pub needs_index: bool,
    /// The columns that its actions change.
    pub acted_on: Vec<usize>,
    /// The check for MATCH FULL.
    pub check: Option<String>,
}

/// Returns a foreign key, or reports why there is none.
pub(super) fn clause(
    world: World<'_, '_>,
    plans: &[TablePlan<'_>],
    table: usize,
    (at, own): (usize, &Constraint),
    shared: &mut ForeignKeys<'_>,
    names: &mut Namespaces,
    notes: &mut Notes<'_>,
) -> Option<Printed> {
    let plan = &plans[table];
    let place = place("constraints", at);
    let what = format!("foreign key {} of {}", own.name, plan.identity());
    let Some(foreign) = own.foreign_key.as_deref() else {
        if own.kind == ConstraintKind::ForeignKey {
            notes.losses.add(&place, "foreign key", Action::Dropped, format!("{what}: it refers to no table"));
        }
        return None;
    };
    let target = qualified(&foreign.table.schema, &foreign.table.name);
    let facts = world.target.facts();
    if let Some(text) = &own.comment {
        comment::in_script(notes, &place, &what, text);
    }
    let (pairs, referenced, needs_index) = match pairs(world, plans, plan, own, foreign, shared) {
        Ok(found) => found,
        Err(reason) => {
            let columns: Vec<&str> = own.columns.iter().map(|name| &**name).collect();
            notes.comments.push(format!("{what}: ({}) REFERENCES {target}", columns.join(", ")));
            notes.losses.add(&place, "foreign key", Action::Commented, format!("{what}: {reason}"));
            return None;
        }
    };
    let columns: Vec<usize> = pairs.iter().map(|(own, _)| *own).collect();
    let names_of = |plan: &TablePlan<'_>, columns: &mut dyn Iterator<Item = usize>| {
        columns.map(|at| plan.columns[at].sql.clone()).collect::<Vec<_>>().join(", ")
    };
    let name = claim(world, names, plan, table, &own.name, Named::ForeignKey);
    if name != *own.name {
        notes.losses.add(&place, "name", Action::Emulated, format!("{what} is named {name}"));
    }
    let name = world.target.ident(&name);
    let mut sql = format!(
        "CONSTRAINT {name} FOREIGN KEY ({}) REFERENCES {} ({})",
        names_of(plan, &mut columns.iter().copied()),
        plans[referenced].sql,
        names_of(&plans[referenced], &mut pairs.iter().map(|(_, target)| *target)),
    );
    let mut acted_on = Vec::new();
    for (event, wanted) in [("DELETE", foreign.on_delete), ("UPDATE", foreign.on_update)] {
        let cascades = if event == "DELETE" { &mut shared.deletes } else { &mut shared.updates };
        let action = match allowed(world, plan, &columns, foreign, event, wanted) {
            Ok(action) if !facts.one_cascade || is_passive(action) || cascades.add(referenced, table) => action,
            Ok(_) => {
                let detail = format!("{what}: ON {event} {} would reach a table twice", wanted.word());
                notes.losses.add(&place, "foreign key action", Action::Dropped, detail);
                ForeignKeyAction::NoAction
            }
            Err(reason) => {
                let detail = format!("{what}: ON {event} {}: {reason}", wanted.word());
                notes.losses.add(&place, "foreign key action", Action::Dropped, detail);
                ForeignKeyAction::NoAction
            }
        };
        if action == ForeignKeyAction::Restrict && !facts.restrict {
            let detail = format!("{what}: ON {event} RESTRICT is NO ACTION");
            notes.losses.add(&place, "foreign key action", Action::Emulated, detail);
        } else if action != ForeignKeyAction::NoAction {
            sql += &format!(" ON {event} {}", action.word());
        }
        let changes = !is_passive(action) && (event == "UPDATE" || action != ForeignKeyAction::Cascade);
        if changes {
            acted_on.extend(&columns);
        }
    }
    sql += deferral(world, own, &place, &what, notes);
    if own.not_valid {
        let detail = format!("{what}: also for rows that PostgreSQL has not checked");
        notes.losses.add(&place, "not valid", Action::Emulated, detail);
    }
    let check = full_match(plan, &columns, foreign, &place, &what, notes);
    Some(Printed { sql, name, target: referenced, needs_index, acted_on, check })
}

/// The pairs of a column and the one that it refers to, the referenced table, and whether its key is an index.
type Pairs = (Vec<(usize, usize)>, usize, bool);

fn pairs(
    world: World<'_, '_>,
    plans: &[TablePlan<'_>],
    plan: &TablePlan<'_>,
    own: &Constraint,
    foreign: &ForeignKey,
    shared: &ForeignKeys<'_>,
) -> Result<Pairs, String> {
    let facts = world.target.facts();
    if own.period {
        return Err("PERIOD".to_owned());
    }
    if own.not_enforced {
        return Err("NOT ENFORCED".to_owned());
    }
    let target = qualified(&foreign.table.schema, &foreign.table.name);
    let Some(referenced) = shared.by_name.get(&(&*foreign.table.schema, &*foreign.table.name)).copied() else {
        return Err(format!("the table {target} does not come along"));
    };
    let position = |plan: &TablePlan<'_>, name: &str| plan.position(name).ok_or(format!("no column {name}"));
    let mut pairs = Vec::new();
    for (name, target) in own.columns.iter().zip(&foreign.columns) {
        pairs.push((position(plan, name)?, position(&plans[referenced], target)?));
    }
    let key = shared.keys[referenced]
        .iter()
        .find(|(columns, _)| columns.len() == pairs.len() && pairs.iter().all(|(_, target)| columns.contains(target)));
    let Some((key, is_index)) = key else { return Err(format!("the key of {target} does not come along")) };
    // Some databases want the columns in the order of the key.
    pairs.sort_by_key(|(_, target)| key.iter().position(|own| own == target));
    if facts.equal_types {
        for (own, target) in &pairs {
            let (own, other) = (&plan.columns[*own].out, &plans[referenced].columns[*target].out);
            if !is_same_type(own, other, facts.equal_lengths) {
                return Err(format!("{} does not refer to {} in {}", own.sql, other.sql, facts.name));
            }
        }
    }
    Ok((pairs, referenced, *is_index))
}

/// Returns whether a column of one type can refer to one of the other. Lengths of texts may differ in MySQL.
fn is_same_type(own: &ColumnType, other: &ColumnType, with_length: bool) -> bool {
    let is_sized = |own: &ColumnType| matches!(own.key, KeyPart::Sized(_, Some(_)));
    let name = |own: &ColumnType| own.sql.split('(').next().unwrap_or_default().to_owned();
    let lengths = !with_length && is_sized(own) && is_sized(other) && name(own) == name(other);
    own.collation == other.collation && own.key != KeyPart::Never && (own.sql == other.sql || lengths)
}

fn is_passive(action: ForeignKeyAction) -> bool {
    matches!(action, ForeignKeyAction::NoAction | ForeignKeyAction::Restrict)
}

/// Returns the action, or why the dialect does not take it.
fn allowed(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    columns: &[usize],
    foreign: &ForeignKey,
    event: &str,
    wanted: ForeignKeyAction,
) -> Result<ForeignKeyAction, &'static str> {
    let facts = world.target.facts();
    let all = || columns.iter().map(|at| &plan.columns[*at]);
    if is_passive(wanted) {
        return Ok(wanted);
    }
    if event == "DELETE" && !foreign.on_delete_columns.is_empty() && foreign.on_delete_columns.len() < columns.len() {
        return Err("it would change all columns of the key");
    }
    if wanted == ForeignKeyAction::SetDefault && !facts.set_default {
        return Err("there is no SET DEFAULT");
    }
    if facts.equal_types && wanted == ForeignKeyAction::SetNull && all().any(|own| own.not_null) {
        return Err("a column cannot be null");
    }
    let changes = event == "UPDATE" || wanted != ForeignKeyAction::Cascade;
    if facts.equal_types && changes && columns.iter().any(|at| is_computed(plan, *at)) {
        return Err("a column is generated, or a generated one depends on it");
    }
    Ok(wanted)
}

/// Returns whether a column is generated, or a stored column is computed from it.
fn is_computed(plan: &TablePlan<'_>, at: usize) -> bool {
    let generated = plan.columns.iter().filter(|own| own.column.generated == Some(Generated::Stored));
    let mut names = generated.filter_map(|own| own.column.default.as_deref());
    plan.columns[at].generated
        || names.any(|sql| match crate::expression::parse(sql) {
            Ok(tree) => crate::expression::columns_of(&tree).contains(&&*plan.columns[at].column.name),
            Err(_) => false,
        })
}

fn deferral(world: World<'_, '_>, own: &Constraint, place: &Place, what: &str, notes: &mut Notes<'_>) -> &'static str {
    match (own.deferrable, world.target.facts().deferrable) {
        (false, _) => "",
        (true, true) if own.initially_deferred => " DEFERRABLE INITIALLY DEFERRED",
        (true, true) => " DEFERRABLE INITIALLY IMMEDIATE",
        (true, false) => {
            notes.losses.add(place, "deferrable", Action::Dropped, format!("{what}: it is checked at once"));
            ""
        }
    }
}

/// Returns the check for MATCH FULL: all columns are null, or none is.
fn full_match(
    plan: &TablePlan<'_>,
    columns: &[usize],
    foreign: &ForeignKey,
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) -> Option<String> {
    let nullable: Vec<&str> =
        columns.iter().map(|at| &plan.columns[*at]).filter(|own| !own.not_null).map(|own| own.sql.as_str()).collect();
    if foreign.matching != ForeignKeyMatch::Full || columns.len() < 2 || nullable.is_empty() {
        return None;
    }
    notes.losses.add(place, "match full", Action::Emulated, format!("{what}: MATCH FULL is a check"));
    let all = |test: &str| {
        let parts: Vec<String> = nullable.iter().map(|own| format!("{own} IS {test}")).collect();
        parts.join(" AND ")
    };
    if nullable.len() < columns.len() {
        return Some(all("NOT NULL"));
    }
    Some(format!("({}) OR ({})", all("NULL"), all("NOT NULL")))
}

/// Returns the generated columns whose expressions name one of the columns.
pub(super) fn computed_from(plan: &TablePlan<'_>, columns: &FxHashSet<usize>) -> Vec<usize> {
    let names_one = |sql: &str| match crate::expression::parse(sql) {
        Ok(tree) => crate::expression::columns_of(&tree)
            .into_iter()
            .filter_map(|name| plan.position(name))
            .any(|at| columns.contains(&at)),
        Err(_) => false,
    };
    let generated = (0..plan.columns.len()).filter(|at| plan.columns[*at].generated && !columns.is_empty());
    generated.filter(|at| plan.columns[*at].column.default.as_deref().is_some_and(names_one)).collect()
}

/// Returns the columns that the actions of foreign keys change.
pub(super) fn acted_on(keys: &[Printed]) -> FxHashSet<usize> {
    keys.iter().flat_map(|own| own.acted_on.iter().copied()).collect()
}
