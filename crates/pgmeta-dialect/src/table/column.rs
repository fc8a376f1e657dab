//! The definition of a column: type, collation, null, default, number, generation, checks.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Generated, Identity};

use crate::expression::{Class, DefaultValue, Refusal, columns_of, default_of, parse};
use crate::loss::{Action, Place};
use crate::target::{Numbering, TypeCheck};

use super::expressions::{domain_condition, value, with_printer};
use super::numbering::{sequence_name, sequence_of};
use super::plan::TablePlan;
use super::{Notes, World, comment};

/// Returns the definition of a column. `with_checks` says that checks may name it.
pub(super) fn definition(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    at: usize,
    with_checks: bool,
    sequences: &dyn Fn(&str, &str) -> Option<String>,
    notes: &mut Notes<'_>,
) -> String {
    let own = &plan.columns[at];
    let place = plan.place.item("columns", at);
    let what = format!("column {} of {}", own.column.name, plan.identity());
    losses_of_type(world, plan, at, &place, &what, notes);

    let collation = own.out.collation.map_or_else(String::new, |collation| format!(" COLLATE {collation}"));
    let mut words = vec![own.sql.clone()];
    let generated = own.generated.then(|| generation(world, plan, at, &collation, &place, &what, notes)).flatten();
    let (is_generated, mut not_null_check) = (generated.is_some(), false);
    words.push(generated.unwrap_or_else(|| format!("{}{collation}", own.out.sql)));
    if own.not_null {
        if is_generated && !world.target.facts().generated_not_null {
            not_null_check = with_checks;
            let (action, detail) = match with_checks {
                true => (Action::Emulated, "it is a check that the generated value is not null"),
                false => (Action::Dropped, "the generated value can be null"),
            };
            notes.losses.add(&place, "not null", action, format!("{what}: {detail}"));
        } else {
            words.push("NOT NULL".to_owned());
        }
        if own.column.not_null.as_ref().is_some_and(|not_null| not_null.not_valid) {
            let detail = format!("{what}: NOT NULL also for rows that PostgreSQL has not checked");
            notes.losses.add(&place, "not valid", Action::Emulated, detail);
        }
    }
    match own.numbered {
        Some((start, increment)) => words.push(numbered(world, own, (start, increment), &place, &what, notes)),
        None if is_generated => {}
        None => words.extend(default(world, plan, at, sequences, &place, &what, notes)),
    }
    words.extend(comment::clause(world, notes, &place, &what, own.column.comment.as_deref(), false));
    // MariaDB takes one check of a column, after its comment.
    let mut all = checks(world, plan, at, with_checks, &place, &what, notes);
    all.extend(not_null_check.then(|| format!("{} IS NOT NULL", own.sql)));
    match all.as_slice() {
        [] => {}
        [one] => words.push(format!("CHECK ({one})")),
        several => words.push(format!("CHECK (({}))", several.join(") AND ("))),
    }
    losses_of_storage(plan, at, &place, &what, notes);
    words.join(" ")
}

fn numbered(
    world: World<'_, '_>,
    own: &super::plan::ColumnPlan<'_>,
    (start, increment): (i64, i64),
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) -> String {
    let sql = world.target.numbered(start, increment);
    let dialect = world.target.facts().name;
    let detail = if own.column.identity.is_some() { "identity column" } else { "default of a sequence" };
    let has_any = world.target.facts().numbering == Numbering::Any;
    let explicit = match (own.column.identity, has_any) {
        (Some(Identity::Always), false) => "; explicit values are accepted",
        (Some(Identity::ByDefault) | None, true) => "; explicit values require SET IDENTITY_INSERT",
        (Some(Identity::Always), true) | (Some(Identity::ByDefault) | None, false) => "",
    };
    let detail = format!("{what}: {dialect} numbers it in place of the {detail}{explicit}");
    notes.losses.add(place, "sequence", Action::Emulated, detail);
    sql
}

/// The collations that compare bytes, as those of the dialects do.
fn is_binary(collation: &str) -> bool {
    matches!(collation.trim_start_matches("pg_catalog."), "\"C\"" | "\"POSIX\"" | "\"ucs_basic\"" | "ucs_basic")
}

fn losses_of_type(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    at: usize,
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) {
    let own = &plan.columns[at];
    if let Some(loss) = &own.out.loss {
        let detail = format!("{what}: {} is {}: {loss}", own.column.data_type, own.out.sql);
        notes.losses.add(place, "data type", Action::Emulated, detail);
    }
    for domain in &own.data_type.domains {
        let name = pgmeta_core::ident::qualified(&domain.schema, &domain.name);
        let detail = format!("{what}: the base type of the domain {name}, with its checks");
        notes.losses.add(place, "domain", Action::Emulated, detail);
    }
    if own.data_type.is_array && world.index.type_named(own.column.data_type.trim_end_matches("[]")).is_some() {
        let detail = format!("{what}: the elements of the array are not checked");
        notes.losses.add(place, "domain", Action::Dropped, detail);
    }
    if let Some(collation) = own.column.collation.as_deref().filter(|own| !is_binary(own)) {
        notes.losses.add(place, "collation", Action::Dropped, format!("{what}: collation {collation}"));
    } else if own.data_type.has_collation {
        notes.losses.add(place, "collation", Action::Dropped, format!("{what}: the collation of its domain"));
    }
}

fn losses_of_storage(plan: &TablePlan<'_>, at: usize, place: &Place, what: &str, notes: &mut Notes<'_>) {
    let own = plan.columns[at].column;
    let mut dropped = |feature: &str, is: bool, detail: String| {
        if is {
            notes.losses.add(place, feature, Action::Dropped, detail);
        }
    };
    dropped("storage", own.storage.is_some() || own.compression.is_some(), format!("{what}: storage and compression"));
    dropped("statistics target", own.statistics_target.is_some(), format!("{what}: statistics target"));
    dropped("attribute options", !own.options.is_empty(), format!("{what}: attribute options"));
    dropped("foreign-data options", !own.foreign_options.is_empty(), format!("{what}: foreign-data options"));
    dropped("privileges", own.privileges.is_some(), format!("{what}: privileges"));
    dropped("security label", !own.security_labels.is_empty(), format!("{what}: security labels"));
    if let Some(not_null) = &own.not_null
        && let Some(text) = &not_null.comment
    {
        comment::in_script(notes, place, &format!("the not-null constraint of {what}"), text);
    }
}

/// Returns the type and expression of a generated column, or `None` if the dialect cannot generate it.
fn generation(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    at: usize,
    collation: &str,
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) -> Option<String> {
    let own = &plan.columns[at];
    let sql = own.column.default.as_deref()?;
    let translated = value(world, plan, sql).and_then(|translated| {
        let fits = translated.class == own.class
            || (translated.class.is_text() && own.class.is_text())
            || (translated.class.is_number() && own.class.is_number());
        let numbered = |name: &str| plan.column(name).is_some_and(|own| own.numbered.is_some());
        if !world.target.facts().expressions_with_numbers && columns_of(&translated.tree).into_iter().any(numbered) {
            return Err(Refusal::of("a numbered column"));
        }
        if fits && !own.out.number_as_text { Ok(translated) } else { Err(Refusal::of("a value of another type")) }
    });
    match translated {
        Ok(translated) => {
            for note in translated.notes {
                notes.losses.add(place, "generated column", Action::Emulated, format!("{what}: {note}"));
            }
            let is_virtual = own.column.generated == Some(Generated::Virtual);
            let stored = !is_virtual || !world.target.facts().virtual_columns;
            if is_virtual && stored {
                notes.losses.add(place, "generated column", Action::Emulated, format!("{what}: it is stored"));
            }
            Some(world.target.generated(&own.out.sql, collation, &translated.sql, stored))
        }
        Err(Refusal(reason)) => {
            notes.comments.push(format!("generated {what}: {sql}"));
            let detail = format!("{what}: the application must compute it; {reason} has no translation");
            notes.losses.add(place, "generated column", Action::Commented, detail);
            None
        }
    }
}

/// Returns the default of a column.
fn default(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    at: usize,
    sequences: &dyn Fn(&str, &str) -> Option<String>,
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) -> Option<String> {
    let own = &plan.columns[at];
    let of_domain = own.data_type.domains.iter().find_map(|domain| domain.default.as_deref());
    let sql = own.column.default.as_deref().filter(|_| own.column.generated.is_none());
    let sql = sql.or(of_domain.filter(|_| own.column.generated.is_none()));
    if let Some(sql) = next_number(world, plan, at, sql, sequences) {
        notes.losses.add(place, "default", Action::Emulated, format!("{what}: the next number of a sequence"));
        return Some(format!("DEFAULT ({sql})"));
    }
    if own.column.identity.is_some() {
        let detail = format!("{what}: {} does not number it", world.target.facts().name);
        notes.losses.add(place, "sequence", Action::Dropped, detail);
        return None;
    }
    let sql = sql?;
    let printed = parse(sql).and_then(|tree| {
        with_printer(world, plan, None, sql, |printer| {
            let (text_form, number_as_text) = (own.out.text_form, own.out.number_as_text);
            let value = default_of(printer, &tree, &own.data_type, text_form, number_as_text)?;
            Ok((value, std::mem::take(&mut printer.notes)))
        })
    });
    match printed {
        Ok((value, own_notes)) => {
            for note in own_notes {
                notes.losses.add(place, "default", Action::Emulated, format!("{what}: {note}"));
            }
            let facts = world.target.facts();
            match value {
                DefaultValue::Null => None,
                DefaultValue::Literal(sql) if facts.long_default_in_parentheses && is_long(&own.out.sql) => {
                    Some(format!("DEFAULT ({})", world.target.long_default(&own.out.sql, &sql)))
                }
                DefaultValue::Literal(sql) => Some(format!("DEFAULT {sql}")),
                DefaultValue::Expression(sql) => Some(format!("DEFAULT ({sql})")),
            }
        }
        Err(Refusal(reason)) => {
            notes.comments.push(format!("default of {what}: {sql}"));
            let detail = format!("{what}: its default; {reason} has no translation");
            notes.losses.add(place, "default", Action::Commented, detail);
            None
        }
    }
}

fn is_long(data_type: &str) -> bool {
    matches!(data_type, "LONGTEXT" | "LONGBLOB" | "JSON")
}

/// Returns the next number of a sequence that the dialect has.
fn next_number(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    at: usize,
    default: Option<&str>,
    sequences: &dyn Fn(&str, &str) -> Option<String>,
) -> Option<String> {
    let own = &plan.columns[at];
    if own.class != Class::Integer {
        return None;
    }
    let sequence = match default.and_then(sequence_name) {
        Some((schema, name)) => sequences(&schema, &name),
        None => {
            let own = own.column.identity.and_then(|_| sequence_of(world, plan, &own.column.name, None))?;
            sequences(&own.schema, &own.name)
        }
    };
    world.target.next_number(&sequence?)
}

/// Returns the checks that the type and the domains of a column need.
fn checks(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    at: usize,
    with_checks: bool,
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) -> Vec<String> {
    let own = &plan.columns[at];
    let mut found = Vec::new();
    let needs_none = own.out.checks.is_empty() && own.data_type.domains.iter().all(|domain| domain.checks.is_empty());
    if needs_none {
        return found;
    }
    if !with_checks || own.numbered.is_some() {
        let detail = format!("{what}: {} has no checks of such a column", world.target.facts().name);
        notes.losses.add(place, "check", Action::Dropped, detail);
        return found;
    }
    found.extend(own.out.checks.iter().map(|check| type_check(world, &own.sql, check)));
    for domain in &own.data_type.domains {
        for condition in &domain.checks {
            check();
            let whole = format!("check {} of {what}", condition.name);
            match domain_condition(world, plan, own, &condition.expression) {
                Ok(translated) => {
                    for note in translated.notes {
                        notes.losses.add(place, "check", Action::Emulated, format!("{whole}: {note}"));
                    }
                    found.push(translated.sql);
                }
                Err(Refusal(reason)) => {
                    notes.comments.push(format!("{whole}: {}", condition.expression));
                    let detail = format!("{whole}: {reason} has no translation");
                    notes.losses.add(place, "check", Action::Commented, detail);
                }
            }
        }
    }
    found
}

fn type_check(world: World<'_, '_>, column: &str, check: &TypeCheck) -> String {
    let syntax = world.target.syntax();
    match check {
        TypeCheck::Boolean => format!("{column} IN (0, 1)"),
        TypeCheck::Length(length) => format!("{} <= {length}", syntax.length(column)),
        // An enum without labels has no values.
        TypeCheck::OneOf(labels) if labels.is_empty() => format!("{column} IS NULL"),
        TypeCheck::OneOf(labels) => {
            let labels: Vec<String> = labels.iter().map(|label| syntax.text(label)).collect();
            format!("{column} IN ({})", labels.join(", "))
        }
        TypeCheck::Json => syntax.is_json(column),
    }
}
