//! Indexes: their keys, conditions, and what of them the dialect lacks.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Index, NullsOrder};

use crate::expression::{Class, Expr, Refusal, columns_of, parse};
use crate::loss::{Action, Place};
use crate::pointer::place;
use crate::target::{KeyPart, Partial};

use super::expressions::{Translated, condition, value};
use super::plan::{ColumnPlan, Named, Namespaces, TablePlan};
use super::unique::{Form, Referenced, claim, filtered, form, text_keys};
use super::{Notes, World, comment};

/// A key of an index in the dialect.
struct Key {
    sql: String,
    /// The bytes of a character or byte, and their number, of a text.
    sized: Option<(u32, Option<u32>)>,
    fixed: u32,
    descending: bool,
    is_column: bool,
}

/// Returns the statement that creates an index, or reports why there is none.
pub(super) fn statement(
    world: World<'_, '_>,
    plans: &[TablePlan<'_>],
    table: usize,
    (at, own): (usize, &Index),
    referenced: &Referenced,
    names: &mut Namespaces,
    notes: &mut Notes<'_>,
) -> Option<String> {
    let plan = &plans[table];
    let place = place("indexes", at);
    let what = format!("index {} of {}", own.name, plan.identity());
    losses(world, own, &place, &what, notes);
    let found = parts(world, plans, table, own, referenced, &place, &what, notes);
    let printed = found.and_then(|(keys, predicate)| {
        let list = key_list(world, own, keys, &place, &what, notes)?;
        let name = claim(world, names, plan, table, &own.name, Named::Index);
        if name != *own.name {
            notes.losses.add(&place, "name", Action::Emulated, format!("{what} is named {name}"));
        }
        let name = world.target.ident(&name);
        if let Predicate::NotNull(columns) = predicate {
            let detail = format!("{what}: it has the rows without nulls");
            notes.losses.add(&place, "unique", Action::Emulated, detail);
            return Ok(filtered(plan, &name, &columns));
        }
        let unique = if own.unique { "UNIQUE " } else { "" };
        let mut sql = format!("CREATE {unique}INDEX {name} ON {} ({list})", plan.sql);
        if !own.include.is_empty() && world.target.facts().include {
            let include = own.include.iter().filter_map(|name| plan.column(name)).map(|own| own.sql.as_str());
            sql += &format!(" INCLUDE ({})", include.collect::<Vec<_>>().join(", "));
        }
        if let Predicate::Where(condition) = predicate {
            sql += &format!(" WHERE {condition}");
        }
        let text = own.comment.as_deref();
        if let Some(clause) = comment::clause(world, notes, &place, &what, text, false) {
            sql += &format!(" {clause}");
        }
        Ok(sql)
    });
    match printed {
        Ok(sql) => Some(sql),
        Err(Refusal(reason)) => {
            notes.comments.push(format!("{what}: {}", definition(own)));
            notes.losses.add(&place, "index", Action::Commented, format!("{what}: {reason}"));
            if let Some(text) = &own.comment {
                comment::in_script(notes, &place, &what, text);
            }
            None
        }
    }
}

/// The rows that an index has.
enum Predicate {
    All,
    Where(String),
    /// Those without nulls in the columns.
    NotNull(Vec<usize>),
}

#[allow(clippy::too_many_arguments, reason = "what all parts of a table get")]
fn parts(
    world: World<'_, '_>,
    plans: &[TablePlan<'_>],
    table: usize,
    own: &Index,
    referenced: &Referenced,
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) -> Result<(Vec<Key>, Predicate), Refusal> {
    let (plan, facts) = (&plans[table], world.target.facts());
    match &*own.method {
        "btree" => {}
        "hash" | "brin" => {
            let detail = format!("{what}: {} is an ordinary index", own.method);
            notes.losses.add(place, "index method", Action::Emulated, detail);
        }
        method => return Err(Refusal(format!("there is no index method {method}"))),
    }
    let predicate = own.predicate.as_deref().map(|sql| condition(world, plan, sql));
    let mut case = None;
    let kept = match (predicate, facts.partial_indexes) {
        (None, _) => Predicate::All,
        (Some(Ok(own)), Partial::Any) => Predicate::Where(take(own, place, what, notes)),
        (Some(Ok(own)), Partial::Simple) if is_simple(&own.tree) && own.notes.is_empty() => {
            Predicate::Where(take(own, place, what, notes))
        }
        (Some(Ok(translated)), Partial::ByExpression) if own.unique => {
            case = Some(take(translated, place, what, notes));
            let detail = format!("{what}: the keys are CASE expressions, null for the other rows");
            notes.losses.add(place, "index predicate", Action::Emulated, detail);
            Predicate::All
        }
        (Some(Err(Refusal(reason))), _) if own.unique => {
            return Err(Refusal(format!("{reason} in its condition has no translation")));
        }
        (Some(_), _) if own.unique => return Err(Refusal("there are no indexes of some rows".to_owned())),
        (Some(_), _) => {
            let detail = format!("{what}: it has all rows");
            notes.losses.add(place, "index predicate", Action::Emulated, detail);
            Predicate::All
        }
    };
    let mut keys = Vec::new();
    for key in &own.columns {
        check();
        let mut printed = match (&key.column, &key.expression) {
            (Some(name), _) => {
                let column = plan.column(name).ok_or_else(|| Refusal(format!("no column {name}")))?;
                column_key(column)?
            }
            (None, Some(sql)) if facts.expression_indexes || is_plain_cast(sql) => {
                expression(world, plan, sql, place, what, notes)?
            }
            _ => return Err(Refusal("there are no indexes of expressions".to_owned())),
        };
        printed.descending = key.descending;
        if let Some(condition) = &case {
            if matches!(printed.sized, Some((_, None))) {
                return Err(Refusal("a key of a long text".to_owned()));
            }
            printed.sql = world.target.index_expression(&format!("CASE WHEN {condition} THEN {} END", printed.sql));
            printed.is_column = false;
        }
        if facts.key.is_some() && keys.iter().any(|own: &Key| own.sql == printed.sql) {
            let detail = format!("{what}: {} is in it once", printed.sql);
            notes.losses.add(place, "index", Action::Emulated, detail);
            continue;
        }
        keys.push(printed);
    }
    if keys.is_empty() {
        return Err(Refusal("it has no columns".to_owned()));
    }
    let position = |key: &Key| plan.columns.iter().position(|column| key.is_column && column.sql == key.sql);
    let columns: Option<Vec<usize>> = keys.iter().map(position).collect();
    if let (true, Some(columns)) = (own.unique, &columns) {
        text_keys(world, plan, columns, (place, "index"), what, notes);
    }
    if let (Predicate::Where(condition), Some(columns)) = (&kept, &columns)
        && own.unique
        && facts.nulls_are_equal
        && !own.nulls_not_distinct
    {
        let nullable = columns.iter().map(|at| &plan.columns[*at]).filter(|column| !column.not_null);
        let tests: Vec<String> = nullable.map(|column| format!(" AND {} IS NOT NULL", column.sql)).collect();
        return Ok((keys, Predicate::Where(format!("{condition}{}", tests.concat()))));
    }
    if let (true, Predicate::All, Some(columns)) = (own.unique && own.predicate.is_none(), &kept, columns) {
        match form(world, plans, table, &columns, false, own.nulls_not_distinct, referenced) {
            Form::Filtered => return Ok((keys, Predicate::NotNull(columns))),
            Form::Refused(reason) => return Err(Refusal(format!("a key of {reason}"))),
            Form::InColumn | Form::PrimaryKey | Form::Unique => {}
        }
    }
    Ok((keys, kept))
}

/// Returns whether the expression is a column under casts, which a dialect without expressions may not need.
fn is_plain_cast(sql: &str) -> bool {
    let Ok(mut tree) = parse(sql) else { return false };
    while let Expr::Cast(of, _) = tree {
        tree = *of;
    }
    matches!(tree, Expr::Column(_))
}

fn column_key(column: &ColumnPlan<'_>) -> Result<Key, Refusal> {
    let (sized, fixed) = match column.out.key {
        KeyPart::Fixed(bytes) => (None, bytes),
        KeyPart::Sized(unit, length) => (Some((unit, length)), 0),
        KeyPart::Never => return Err(Refusal(format!("a key of {}", column.out.sql))),
    };
    Ok(Key { sql: column.sql.clone(), sized, fixed, descending: false, is_column: true })
}

fn take(own: Translated, place: &Place, what: &str, notes: &mut Notes<'_>) -> String {
    for note in &own.notes {
        notes.losses.add(place, "index", Action::Emulated, format!("{what}: {note}"));
    }
    own.sql
}

fn expression(
    world: World<'_, '_>,
    plan: &TablePlan<'_>,
    sql: &str,
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) -> Result<Key, Refusal> {
    let own = value(world, plan, sql)?;
    if own.class == Class::Null || (world.target.facts().key.is_some() && own.class == Class::Json) {
        return Err(Refusal("a key of such a value".to_owned()));
    }
    // A cast that does nothing leaves a column.
    if let Some(column) = plan.columns.iter().find(|column| column.sql == own.sql) {
        return column_key(column);
    }
    if !world.target.facts().expression_indexes {
        return Err(Refusal("there are no indexes of expressions".to_owned()));
    }
    let columns = columns_of(&own.tree);
    let numbered = |name: &&str| plan.column(name).is_some_and(|own| own.numbered.is_some());
    if !world.target.facts().expressions_with_numbers && columns.iter().any(numbered) {
        return Err(Refusal("a numbered column in an expression".to_owned()));
    }
    if columns.is_empty() {
        return Err(Refusal("a constant as a key".to_owned()));
    }
    // A text is as long as all texts in it at most.
    let mut sized = Some((1, Some(0)));
    for column in columns.into_iter().filter_map(|name| plan.column(name)) {
        sized = match (sized, column.out.key) {
            (Some((_, Some(sum))), KeyPart::Sized(unit, Some(length))) => Some((unit, Some(sum + length))),
            (_, KeyPart::Sized(unit, None)) => Some((unit, None)),
            (_, KeyPart::Never) => Some((1, None)),
            (sized, _) => sized,
        };
    }
    let sized = if own.class.is_text() { sized } else { None };
    let sql = world.target.index_expression(&take(own, place, what, notes));
    Ok(Key { sql, sized, fixed: 8, descending: false, is_column: false })
}

/// Returns the keys, with the first characters of texts that are too long.
fn key_list(
    world: World<'_, '_>,
    own: &Index,
    mut keys: Vec<Key>,
    place: &Place,
    what: &str,
    notes: &mut Notes<'_>,
) -> Result<String, Refusal> {
    if let Some(limit) = world.target.facts().key {
        if keys.len() > limit.columns {
            return Err(Refusal("a key of so many columns".to_owned()));
        }
        let fixed: u32 = keys.iter().map(|key| key.fixed).sum();
        let sized = keys.iter().filter_map(|key| key.sized);
        let bytes: u32 = sized
            .clone()
            .map(|(unit, length)| unit.saturating_mul(length.unwrap_or(u32::MAX)))
            .fold(0, u32::saturating_add);
        let units: u32 = sized.map(|(unit, _)| unit).sum();
        if fixed.saturating_add(bytes) > limit.bytes {
            let share = limit.bytes.saturating_sub(fixed) / units.max(1);
            let cut = |key: &Key| key.sized.is_some_and(|(_, length)| length.is_none_or(|length| length > share));
            if own.unique || !limit.prefix || keys.iter().any(|key| cut(key) && !key.is_column) {
                return Err(Refusal("the key is too long".to_owned()));
            }
            let share = share.min(limit.length);
            for key in keys
                .iter_mut()
                .filter(|key| key.sized.is_some_and(|(_, length)| length.is_none_or(|length| length > share)))
            {
                key.sql += &format!("({share})");
            }
            let detail = format!("{what}: texts by their first {share} characters");
            notes.losses.add(place, "index", Action::Emulated, detail);
        }
    }
    let descending = world.target.facts().descending;
    let print = |key: Key| if key.descending && descending { format!("{} DESC", key.sql) } else { key.sql };
    Ok(keys.into_iter().map(print).collect::<Vec<_>>().join(", "))
}

/// Returns whether a filtered index takes the condition: comparisons of columns with constants, joined by AND.
fn is_simple(tree: &Expr) -> bool {
    fn is_constant(own: &Expr) -> bool {
        match own {
            Expr::Text(_) | Expr::Number(_) | Expr::Boolean(_) => true,
            Expr::Cast(of, _) => is_constant(of),
            _ => false,
        }
    }
    fn is_column(own: &Expr) -> bool {
        match own {
            Expr::Column(_) => true,
            // Casts between texts are not printed.
            Expr::Cast(of, name) => is_column(of) && matches!(name.as_str(), "text" | "character varying"),
            _ => false,
        }
    }
    match tree {
        Expr::And(all) => all.iter().all(is_simple),
        Expr::Is(of, crate::expression::Test::Null, _) => is_column(of),
        Expr::In(of, list, false) => is_column(of) && list.iter().all(is_constant),
        Expr::Binary(operator, left, right) => {
            matches!(operator.as_str(), "=" | "<>" | "<" | "<=" | ">" | ">=") && is_column(left) && is_constant(right)
        }
        Expr::Not(of) => matches!(**of, Expr::Column(_)),
        Expr::Column(_) => true,
        _ => false,
    }
}

fn losses(world: World<'_, '_>, own: &Index, place: &Place, what: &str, notes: &mut Notes<'_>) {
    let facts = world.target.facts();
    let mut dropped = |feature: &str, is: bool| {
        if is {
            notes.losses.add(place, feature, Action::Dropped, format!("{what}: {feature}"));
        }
    };
    dropped("include", !own.include.is_empty() && !facts.include);
    dropped("nulls not distinct", own.nulls_not_distinct && !facts.nulls_are_equal);
    dropped("storage parameters", !own.options.is_empty());
    dropped("tablespace", own.tablespace.is_some());
    dropped("statistics target", !own.statistics_targets.is_empty());
    dropped("clustered", own.clustered);
    dropped("replica identity", own.replica_identity);
    dropped("collation", own.columns.iter().any(|key| key.collation.is_some()));
    dropped("operator class", own.columns.iter().any(|key| key.operator_class.is_some()));
    dropped("order of nulls", own.columns.iter().any(|key| key.nulls != NullsOrder::Default));
    dropped("descending", !facts.descending && own.columns.iter().any(|key| key.descending));
}

/// Returns the index as in PostgreSQL, for a comment.
fn definition(own: &Index) -> String {
    let keys = own.columns.iter().map(|key| key.column.as_deref().or(key.expression.as_deref()).unwrap_or_default());
    let keys = keys.collect::<Vec<_>>().join(", ");
    let unique = if own.unique { "UNIQUE " } else { "" };
    let predicate = own.predicate.as_ref().map_or_else(String::new, |own| format!(" WHERE {own}"));
    format!("{unique}USING {} ({keys}){predicate}", own.method)
}
