//! Checks and exclusion constraints of tables.

use pgmeta_core::model::{Constraint, ConstraintKind};
use rustc_hash::FxHashSet;

use crate::expression::{Refusal, columns_of};
use crate::loss::Action;
use crate::pointer::place;
use crate::target::NameScope;

use super::expressions::condition;
use super::plan::{Named, Namespaces, TablePlan};
use super::unique::claim;
use super::{Notes, World, comment};

/// Returns the clause of a check. `acted_on` are the columns that the actions of foreign keys change.
pub(super) fn clause(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    table: usize,
    (at, own): (usize, &Constraint),
    acted_on: &FxHashSet<usize>,
    names: &mut Namespaces,
    notes: &mut Notes<'_>,
) -> Option<String> {
    let place = place("constraints", at);
    let what = format!("check {} of {}", own.name, plan.identity());
    if let Some(text) = &own.comment {
        comment::in_script(notes, &place, &what, text);
    }
    let sql = own.expression.as_deref().unwrap_or_default();
    let facts = world.target.facts();
    let translated = condition(world, plan, sql).map_err(|Refusal(reason)| format!("{reason} has no translation"));
    let translated = translated.and_then(|translated| {
        let columns: Vec<usize> =
            columns_of(&translated.tree).into_iter().filter_map(|name| plan.position(name)).collect();
        if !facts.expressions_with_numbers && columns.iter().any(|at| plan.columns[*at].numbered.is_some()) {
            return Err(format!("{} has no checks of numbered columns", facts.name));
        }
        if !facts.checks_with_actions && columns.iter().any(|at| acted_on.contains(at)) {
            return Err(format!("{} has no checks of columns that a foreign key changes", facts.name));
        }
        if own.not_enforced && !facts.not_enforced {
            return Err("it is not enforced".to_owned());
        }
        Ok(translated)
    });
    let translated = match translated {
        Ok(translated) => translated,
        Err(reason) => {
            notes.comments.push(format!("{what}: {sql}"));
            notes.losses.add(&place, "check", Action::Commented, format!("{what}: {reason}"));
            return None;
        }
    };
    for note in &translated.notes {
        notes.losses.add(&place, "check", Action::Emulated, format!("{what}: {note}"));
    }
    if own.not_valid {
        let detail = format!("{what}: also for rows that PostgreSQL has not checked");
        notes.losses.add(&place, "not valid", Action::Emulated, detail);
    }
    let wanted = if facts.check_names == NameScope::Kind { unlike_generated(&own.name) } else { own.name.to_string() };
    let name = claim(world, names, plan, table, &wanted, Named::Check);
    if name != *own.name {
        notes.losses.add(&place, "name", Action::Emulated, format!("{what} is named {name}"));
    }
    let not_enforced = if own.not_enforced { " NOT ENFORCED" } else { "" };
    Some(format!("CONSTRAINT {} CHECK ({}){not_enforced}", world.target.ident(&name), translated.sql))
}

/// MySQL calls checks without a name as their table, with `_chk_` and a number at the end.
fn unlike_generated(name: &str) -> String {
    let is_number = |end: &str| !end.is_empty() && end.bytes().all(|byte| byte.is_ascii_digit());
    let is_like = name.to_lowercase().rsplit_once("_chk_").is_some_and(|(_, end)| is_number(end));
    if is_like { format!("{name}_") } else { name.to_owned() }
}

/// Reports a constraint that no other database has: EXCLUDE, and keys without overlaps.
pub(super) fn refuse(plan: &TablePlan<'_>, (at, own): (usize, &Constraint), notes: &mut Notes<'_>) {
    let place = place("constraints", at);
    let kind = own.kind.word();
    let what = format!("{kind} {} of {}", own.name, plan.identity());
    let columns: Vec<&str> = own.columns.iter().map(|name| &**name).collect();
    let definition = own.expression.clone().unwrap_or_else(|| format!("({})", columns.join(", ")));
    notes.comments.push(format!("{what}: {definition}"));
    let feature = if own.kind == ConstraintKind::Exclusion { "exclusion constraint" } else { "temporal key" };
    notes.losses.add(&place, feature, Action::Commented, what.clone());
    if let Some(text) = &own.comment {
        comment::in_script(notes, &place, &what, text);
    }
}
