//! The statements that create tables, with their constraints and indexes, in the order of their foreign keys.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::ConstraintKind;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::loss::{Action, Losses};
use crate::output::Script;
use crate::target::{Comments, KeyPart, Numbering, TypeCheck};

use super::cascade::Cascades;
use super::foreign_key::{ForeignKeys, Printed, acted_on};
use super::plan::{Namespaces, TablePlan};
use super::unique::{self, Referenced};
use super::{Notes, World, check as checks, column, comment, foreign_key, index, order};

/// Creates all tables. Returns the statements that drop them, in order. `sequences` finds those of the dialect by
/// schema and name.
pub(crate) fn create_all(
    world: World<'_, '_>,
    mut plans: Vec<TablePlan<'_>>,
    sequences: &dyn Fn(&str, &str) -> Option<String>,
    names: &mut Namespaces,
    losses: &mut Losses,
    script: &mut Script,
) -> Vec<String> {
    shorten_rows(world, &mut plans);
    let by_name: FxHashMap<(&str, &str), usize> =
        plans.iter().enumerate().map(|(at, plan)| ((&*plan.table.schema, &*plan.table.name), at)).collect();
    let referenced = unique::referenced(&plans, &by_name);
    let keys = unique::keys(world, &plans, &referenced);
    let references = references(&plans, &by_name);
    let order = order::order(plans.len(), &references);
    let mut shared = ForeignKeys { by_name, keys, deletes: Cascades::default(), updates: Cascades::default() };
    let mut created = vec![false; plans.len()];
    let (mut later, mut drops) = (Vec::new(), Vec::new());
    for table in order {
        check();
        let plan = &plans[table];
        let mut notes = Notes { losses, comments: Vec::new() };
        let foreign: Vec<Printed> = plan
            .constraints
            .iter()
            .filter_map(|own| foreign_key::clause(world, &plans, table, *own, &mut shared, names, &mut notes))
            .collect();
        let (inline, added): (Vec<Printed>, Vec<Printed>) = foreign.into_iter().partition(|own| {
            let is_there = created[own.target] || (own.target == table && !own.needs_index);
            is_there || world.target.facts().forward_references
        });
        let (create, indexes) =
            table_statements(world, &plans, table, (&inline, &added), &referenced, sequences, names, &mut notes);
        script.gap();
        notes.comments.iter().for_each(|own| script.comment(own));
        script.statement(create);
        for own in indexes {
            script.statement(own);
        }
        created[table] = true;
        drops.push(world.target.drop_statement("TABLE", &plan.sql));
        later.extend(added.into_iter().map(|own| (table, own)));
    }
    drops.reverse();
    if !later.is_empty() {
        script.gap();
        drops = world.target.drop_foreign_keys(
            &later.iter().map(|(at, own)| (&*plans[*at].sql, &*own.name)).collect::<Vec<_>>(),
            drops,
        );
    }
    for (table, own) in &later {
        script.statement(format!("ALTER TABLE {} ADD {}", plans[*table].sql, own.sql));
    }
    drops
}

/// Returns the pairs of a table and one that it refers to.
fn references(plans: &[TablePlan<'_>], by_name: &FxHashMap<(&str, &str), usize>) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    for (table, plan) in plans.iter().enumerate() {
        for (_, own) in &plan.constraints {
            check();
            let target = own.foreign_key.as_ref().map(|key| (&*key.table.schema, &*key.table.name));
            found.extend(target.and_then(|name| by_name.get(&name)).map(|target| (table, *target)));
        }
    }
    found
}

#[allow(clippy::too_many_arguments, reason = "what all parts of a table get")]
fn table_statements(
    world: World<'_, '_>,
    plans: &[TablePlan<'_>],
    table: usize,
    (inline, added): (&[Printed], &[Printed]),
    referenced: &Referenced,
    sequences: &dyn Fn(&str, &str) -> Option<String>,
    names: &mut Namespaces,
    notes: &mut Notes<'_>,
) -> (String, Vec<String>) {
    let plan = &plans[table];
    let facts = world.target.facts();
    let what = format!("table {}", plan.identity());
    let suffix_comment = comment::clause(world, notes, &plan.place, &what, plan.table.comment.as_deref(), true);
    let mut acted = acted_on(inline);
    acted.extend(acted_on(added));
    // Also through the columns that are computed from them.
    let computed = foreign_key::computed_from(plan, &acted);
    acted.extend(computed);
    let (mut lines, mut indexes) = (Vec::new(), Vec::new());
    for at in 0..plan.columns.len() {
        check();
        let with_checks = facts.checks_with_actions || !acted.contains(&at);
        lines.push(column::definition(world, plan, at, with_checks, sequences, notes));
    }
    let mut leading = FxHashSet::default();
    let mut has_key = false;
    for own in &plan.constraints {
        check();
        match own.1.kind {
            ConstraintKind::Check => lines.extend(checks::clause(world, plan, table, *own, &acted, names, notes)),
            ConstraintKind::PrimaryKey | ConstraintKind::Unique if unique::is_key(own.1) => {
                let (line, index) = unique::clause(world, plans, table, *own, referenced, names, notes);
                if line.is_some() {
                    let positions = unique::positions(plan, own.1);
                    leading.extend(positions.first().copied());
                    // A primary key of generated columns has become a unique one.
                    let is_unique =
                        !facts.generated_primary_key && positions.iter().any(|at| plan.columns[*at].generated);
                    has_key |= own.1.kind == ConstraintKind::PrimaryKey && !is_unique;
                }
                lines.extend(line);
                indexes.extend(index);
            }
            ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::Exclusion => {
                checks::refuse(plan, *own, notes);
            }
            ConstraintKind::ForeignKey => {}
        }
    }
    if facts.numbering == Numbering::LeadsKey
        && let Some(at) = (0..plan.columns.len()).find(|at| plan.columns[*at].numbered.is_some())
        && !leading.contains(&at)
    {
        lines.push(format!("KEY ({})", plan.columns[at].sql));
        let detail = format!("{what}: a numbered column leads a key");
        notes.losses.add(&plan.place.item("columns", at), "sequence", Action::Emulated, detail);
    }
    for own in inline.iter().chain(added) {
        let no_check = !facts.checks_with_actions && !own.acted_on.is_empty();
        lines.extend(own.check.as_ref().filter(|_| !no_check).map(|check| format!("CHECK ({check})")));
    }
    lines.extend(inline.iter().map(|own| own.sql.clone()));
    for own in &plan.indexes {
        check();
        indexes.extend(index::statement(world, plans, table, *own, referenced, names, notes));
    }
    let start = plan.columns.iter().find_map(|own| own.numbered);
    let is_numbered = start.is_some();
    let suffix = world.target.table_suffix(has_key, is_numbered, world.options, start.map(|(start, _)| start));
    let suffix_comment = match (suffix_comment, facts.comments) {
        (Some(clause), Comments::Inline(..)) => format!(" {clause}"),
        _ => String::new(),
    };
    let create = format!("CREATE TABLE {} (\n  {}\n){suffix}{suffix_comment}", plan.sql, lines.join(",\n  "));
    (create, indexes)
}

/// Makes the longest texts of rows that are too long texts of any length, with a check.
fn shorten_rows(world: World<'_, '_>, plans: &mut [TablePlan<'_>]) {
    let Some(limit) = world.target.facts().row_bytes else { return };
    const POINTER: u32 = 12;
    let bytes = |key: KeyPart| match key {
        KeyPart::Fixed(bytes) => bytes,
        KeyPart::Sized(unit, Some(length)) => unit * length + 2,
        KeyPart::Sized(_, None) | KeyPart::Never => POINTER,
    };
    for plan in plans {
        check();
        // Also one bit for each column that may be null.
        let mut sum: u32 = plan.columns.iter().map(|own| bytes(own.out.key) + 1).sum();
        let keyed: FxHashSet<usize> =
            plan.constraints
                .iter()
                .flat_map(|(_, own)| own.columns.iter().filter_map(|name| plan.position(name)))
                .chain(
                    plan.indexes.iter().filter(|(_, own)| own.unique).flat_map(|(_, own)| {
                        own.columns.iter().filter_map(|key| plan.position(key.column.as_deref()?))
                    }),
                )
                .collect();
        while sum > limit {
            let longest = (0..plan.columns.len())
                .filter(|at| !keyed.contains(at) && !plan.columns[*at].out.number_as_text)
                .filter_map(|at| match plan.columns[at].out.key {
                    KeyPart::Sized(unit, Some(length)) if length > 64 => Some((unit * length, at, unit, length)),
                    _ => None,
                })
                .max();
            let Some((size, at, unit, length)) = longest else { break };
            let out = &mut plan.columns[at].out;
            out.sql = world.target.long_text().to_owned();
            out.key = KeyPart::Sized(unit, None);
            out.checks.push(TypeCheck::Length(length));
            out.loss = Some("the length is a check: the row would be too long".to_owned());
            sum = sum.saturating_sub(size).saturating_add(POINTER);
        }
    }
}
