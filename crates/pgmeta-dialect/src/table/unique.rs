//! Primary keys and unique keys: which there are in the dialect, and how they are printed.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Constraint, ConstraintIndex, ConstraintKind};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::loss::{Action, Place};
use crate::target::KeyPart;

use super::plan::{Named, Namespaces, TablePlan};
use super::{Notes, World, comment};

/// How a key is in the dialect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// The column is `PRIMARY KEY` itself.
    InColumn,
    PrimaryKey,
    Unique,
    /// An index of the rows without nulls: the others are not equal to each other.
    Filtered,
    /// None, for a reason.
    Refused(&'static str),
}

/// The keys of a table that a foreign key can refer to: their columns, and whether the key is an index of its own.
pub(super) type Keys = Vec<(Vec<usize>, bool)>;

/// The columns of a table, sorted, that foreign keys refer to.
pub(super) type Referenced = FxHashSet<(usize, Vec<usize>)>;

/// Returns the sets of columns that foreign keys refer to.
pub(super) fn referenced(plans: &[TablePlan<'_>], by_name: &FxHashMap<(&str, &str), usize>) -> Referenced {
    let keys = plans.iter().flat_map(|plan| plan.constraints.iter().filter_map(|(_, own)| own.foreign_key.as_deref()));
    keys.filter_map(|own| {
        check();
        let table = *by_name.get(&(&*own.table.schema, &*own.table.name))?;
        Some((table, sorted(own.columns.iter().filter_map(|name| plans[table].position(name)).collect())))
    })
    .collect()
}

fn sorted(mut columns: Vec<usize>) -> Vec<usize> {
    columns.sort_unstable();
    columns
}

/// Returns how a key of these columns is in the dialect.
pub(super) fn form(
    world: World<'_, '_>,
    plans: &[TablePlan<'_>],
    table: usize,
    columns: &[usize],
    is_primary: bool,
    nulls_not_distinct: bool,
    referenced: &Referenced,
) -> Form {
    let facts = world.target.facts();
    let plan = &plans[table];
    let all = || columns.iter().map(|at| &plan.columns[*at]);
    if let Some(limit) = facts.key {
        if columns.len() > limit.columns {
            return Form::Refused("so many columns");
        }
        if all().any(|own| own.out.key == KeyPart::Never) {
            return Form::Refused("columns of such a type");
        }
    }
    if is_primary {
        let in_column = facts.numbering == crate::target::Numbering::PrimaryKey;
        return match () {
            () if in_column && all().any(|own| own.numbered.is_some()) => Form::InColumn,
            () if !facts.generated_primary_key && all().any(|own| own.generated) => Form::Unique,
            () => Form::PrimaryKey,
        };
    }
    let has_nulls = all().any(|own| !own.not_null);
    let is_referenced = || referenced.contains(&(table, sorted(columns.to_vec())));
    if facts.nulls_are_equal && has_nulls && !nulls_not_distinct && !is_referenced() {
        return Form::Filtered;
    }
    Form::Unique
}

/// Returns the positions of a constraint's columns.
pub(super) fn positions(plan: &TablePlan<'_>, own: &Constraint) -> Vec<usize> {
    own.columns.iter().filter_map(|name| plan.position(name)).collect()
}

/// Returns whether the table has all columns of a constraint, and these are some.
fn has_columns(plan: &TablePlan<'_>, own: &Constraint) -> bool {
    !own.columns.is_empty() && positions(plan, own).len() == own.columns.len()
}

/// Returns whether the constraint is a primary or unique key of columns.
pub(super) fn is_key(own: &Constraint) -> bool {
    matches!(own.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique) && !own.period
}

/// Returns the keys of each table that foreign keys can refer to.
pub(super) fn keys(world: World<'_, '_>, plans: &[TablePlan<'_>], referenced: &Referenced) -> Vec<Keys> {
    let mut all = Vec::with_capacity(plans.len());
    for (table, plan) in plans.iter().enumerate() {
        let mut found = Keys::new();
        for (_, own) in plan.constraints.iter().filter(|(_, own)| is_key(own)) {
            check();
            if !has_columns(plan, own) {
                continue;
            }
            let columns = positions(plan, own);
            let is_primary = own.kind == ConstraintKind::PrimaryKey;
            let nulls = own.index.as_ref().is_some_and(|index| index.nulls_not_distinct);
            match form(world, plans, table, &columns, is_primary, nulls, referenced) {
                Form::InColumn | Form::PrimaryKey | Form::Unique => found.push((columns, false)),
                Form::Filtered | Form::Refused(_) => {}
            }
        }
        for (_, own) in plan.indexes.iter().filter(|(_, own)| own.unique && own.predicate.is_none()) {
            let columns: Option<Vec<usize>> =
                own.columns.iter().map(|key| plan.position(key.column.as_deref()?)).collect();
            let Some(columns) = columns else { continue };
            let nulls = own.nulls_not_distinct;
            if form(world, plans, table, &columns, false, nulls, referenced) == Form::Unique {
                found.push((columns, true));
            }
        }
        all.push(found);
    }
    all
}

/// Returns the clause of a primary or unique key, or the index in its place.
pub(super) fn clause(
    world: World<'_, '_>,
    plans: &[TablePlan<'_>],
    table: usize,
    (at, own): (usize, &Constraint),
    referenced: &Referenced,
    names: &mut Namespaces,
    notes: &mut Notes<'_>,
) -> (Option<String>, Option<String>) {
    let plan = &plans[table];
    let place = crate::pointer::place("constraints", at);
    let kind = own.kind.word();
    let what = format!("{kind} {} of {}", own.name, plan.identity());
    let columns = positions(plan, own);
    let is_primary = own.kind == ConstraintKind::PrimaryKey;
    let index = own.index.as_deref();
    let nulls_not_distinct = index.is_some_and(|index| index.nulls_not_distinct);
    losses(own, index, &place, &what, notes);
    let dialect = world.target.facts().name;
    let list = columns.iter().map(|at| plan.columns[*at].sql.as_str()).collect::<Vec<_>>().join(", ");
    let form = match has_columns(plan, own) {
        true => form(world, plans, table, &columns, is_primary, nulls_not_distinct, referenced),
        false => Form::Refused("columns that are missing"),
    };
    if let Form::Refused(reason) = form {
        let names: Vec<&str> = own.columns.iter().map(|name| &**name).collect();
        notes.comments.push(format!("{what}: ({})", names.join(", ")));
        notes.losses.add(&place, kind, Action::Commented, format!("{what}: {dialect} has no keys of {reason}"));
        return (None, None);
    }
    let has_nulls = columns.iter().any(|at| !plan.columns[*at].not_null);
    if !is_primary && has_nulls && form == Form::Unique {
        if nulls_not_distinct && !world.target.facts().nulls_are_equal {
            let detail = format!("{what}: {dialect} takes any number of nulls");
            notes.losses.add(&place, "nulls not distinct", Action::Dropped, detail);
        } else if !nulls_not_distinct && world.target.facts().nulls_are_equal {
            let detail = format!("{what}: {dialect} takes one null at most, because a foreign key refers to it");
            notes.losses.add(&place, kind, Action::Emulated, detail);
        }
    }
    let in_column = world.target.facts().numbering == crate::target::Numbering::PrimaryKey;
    if let (true, Form::PrimaryKey, [column]) = (in_column, form, columns.as_slice())
        && plan.columns[*column].out.sql == "INTEGER"
    {
        let detail = format!("{what}: {dialect} numbers a missing value");
        notes.losses.add(&place, kind, Action::Emulated, detail);
    }
    text_keys(world, plan, &columns, (&place, kind), &what, notes);
    let named = |notes: &mut Notes<'_>, names: &mut Namespaces| {
        let name = claim(world, names, plan, table, &own.name, Named::Key);
        if name != *own.name {
            notes.losses.add(&place, "name", Action::Emulated, format!("{what} is named {name}"));
        }
        world.target.ident(&name)
    };
    match form {
        Form::InColumn | Form::Refused(_) => (None, None),
        Form::PrimaryKey if !world.target.names_primary_key() => {
            notes.losses.add(&place, "name", Action::Dropped, format!("{what}: primary keys have no names"));
            (Some(format!("PRIMARY KEY ({list})")), None)
        }
        Form::PrimaryKey => (Some(format!("CONSTRAINT {} PRIMARY KEY ({list})", named(notes, names))), None),
        Form::Unique => {
            if is_primary {
                let detail = format!("{what}: it is a unique key, because a column is generated");
                notes.losses.add(&place, kind, Action::Emulated, detail);
            }
            (Some(format!("CONSTRAINT {} UNIQUE ({list})", named(notes, names))), None)
        }
        Form::Filtered => {
            let detail = format!("{what}: it is an index of the rows without nulls");
            notes.losses.add(&place, kind, Action::Emulated, detail);
            let name = named(notes, names);
            (None, Some(filtered(plan, &name, &columns)))
        }
    }
}

/// Reports how the equality of texts in a unique key differs.
pub(super) fn text_keys(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    columns: &[usize],
    (place, feature): (&Place, &str),
    what: &str,
    notes: &mut Notes<'_>,
) {
    if let Some(note) = world.target.text_equality()
        && columns.iter().any(|at| plan.columns[*at].class.is_text())
    {
        notes.losses.add(place, feature, Action::Emulated, format!("{what}: {note}"));
    }
}

/// Returns the unique index of the rows without nulls.
pub(super) fn filtered(plan: &TablePlan<'_>, name: &str, columns: &[usize]) -> String {
    let all = || columns.iter().map(|at| &plan.columns[*at]);
    let list = all().map(|own| own.sql.as_str()).collect::<Vec<_>>().join(", ");
    let nulls: Vec<String> = all().filter(|own| !own.not_null).map(|own| format!("{} IS NOT NULL", own.sql)).collect();
    format!("CREATE UNIQUE INDEX {name} ON {} ({list}) WHERE {}", plan.sql, nulls.join(" AND "))
}

/// Takes a name for a key or index of a table.
pub(super) fn claim(
    world: World<'_, '_>,
    names: &mut Namespaces,
    plan: &TablePlan<'_>,
    table: usize,
    wanted: &str,
    kind: Named,
) -> String {
    let facts = world.target.facts();
    let scope = match kind {
        Named::Check => facts.check_names,
        Named::ForeignKey => facts.foreign_key_names,
        Named::Key => facts.key_names,
        Named::Index => facts.index_scope,
    };
    names.scope(scope, kind, plan.schema.as_deref(), table).claim(wanted)
}

fn losses(own: &Constraint, index: Option<&ConstraintIndex>, place: &Place, what: &str, notes: &mut Notes<'_>) {
    let mut dropped = |feature: &str, is: bool| {
        if is {
            notes.losses.add(place, feature, Action::Dropped, format!("{what}: {feature}"));
        }
    };
    dropped("deferrable", own.deferrable);
    if let Some(index) = index {
        dropped("include", !index.include.is_empty());
        dropped("storage parameters", !index.options.is_empty());
        dropped("tablespace", index.tablespace.is_some());
        dropped("clustered", index.clustered);
        dropped("replica identity", index.replica_identity);
        dropped("statistics target", !index.statistics_targets.is_empty());
        if let Some(text) = &index.comment {
            comment::in_script(notes, place, &format!("the index of {what}"), text);
        }
    }
    if let Some(text) = &own.comment {
        comment::in_script(notes, place, what, text);
    }
}
