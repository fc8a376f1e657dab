//! Views. A plain query is translated; the others, and all materialized views, are comments in the script.

use pgmeta_core::ident::qualified;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, View};
use rustc_hash::FxHashMap;

use crate::expression::{
    Class, Expr, From, Join, Printer, Query, Refusal, ScopeColumn, Select, budget_of, parse_query,
};
use crate::loss::{Action, Losses, Place};
use crate::names::Names;
use crate::output::Script;
use crate::pointer::place;
use crate::table::{Namespaces, TablePlan, World, prefixed_names, relation_name};

/// The names of views in the dialect, and the losses where they have others.
pub(crate) type ViewNames = Vec<(String, Losses)>;

/// Names all views, before constraints and indexes take their names.
pub(crate) fn names(world: World<'_, '_>, names: &mut Namespaces) -> ViewNames {
    let prefixed = prefixed_names(world);
    let mut found = Vec::new();
    for (at, view) in world.model.views.iter().enumerate() {
        check();
        let mut losses = Losses::default();
        let own = (&*view.schema, &*view.name);
        let (_, name) = relation_name(world, names, &prefixed, &place("views", at), own, &mut losses);
        found.push((name, losses));
    }
    found
}

/// A relation that queries may name: its name in the dialect, and its columns by their names in the model.
pub(crate) struct Relation {
    sql: String,
    columns: FxHashMap<String, ScopeColumn>,
}

/// The relations by schema and name.
pub(crate) type Relations = FxHashMap<(String, String), Relation>;

/// Returns the tables as relations.
pub(crate) fn relations(plans: &[TablePlan<'_>]) -> Relations {
    let relation = |plan: &TablePlan<'_>| {
        let columns = plan.columns.iter().map(|own| {
            let column = ScopeColumn { sql: own.sql.clone(), class: own.class, number_as_text: own.out.number_as_text };
            (own.column.name.to_string(), column)
        });
        Relation { sql: plan.sql.clone(), columns: columns.collect() }
    };
    plans
        .iter()
        .inspect(|_| check())
        .map(|plan| ((plan.table.schema.to_string(), plan.table.name.to_string()), relation(plan)))
        .collect()
}

/// Why a view is not translated.
enum Failure {
    /// It has no translation.
    Refused(String),
    /// It uses a relation that is not there, at least not yet.
    Missing(String),
}

impl std::convert::From<Refusal> for Failure {
    fn from(refusal: Refusal) -> Self {
        Failure::Refused(refusal.0)
    }
}

/// Creates the views. Returns the statements that drop them, in order.
pub(crate) fn create_all(
    world: World<'_, '_>,
    mut relations: Relations,
    mut names: ViewNames,
    losses: &mut Losses,
    script: &mut Script,
) -> Vec<String> {
    let mut drops = Vec::new();
    let mut waiting: Vec<(usize, &View)> = world.model.views.iter().enumerate().collect();
    // A view may use views that come later in the model.
    loop {
        let before = waiting.len();
        let mut next = Vec::new();
        for (at, view) in waiting {
            check();
            let mut own_names = Names::new(world.target.facts().names);
            let columns = view.columns.iter().map(|own| world.target.ident(&own_names.claim(&own.name)));
            let columns: Vec<String> = columns.collect();
            match translated(world, &relations, view, &columns) {
                Ok((sql, classes, notes)) => {
                    let place = place("views", at);
                    let (name, own_losses) = std::mem::take(&mut names[at]);
                    losses.append(own_losses);
                    let what = format!("view {}", qualified(&view.schema, &view.name));
                    for note in notes {
                        losses.add(&place, "view", Action::Emulated, format!("{what}: {note}"));
                    }
                    attributes(&place, &what, view, losses, script);
                    for (at, own) in view.columns.iter().enumerate() {
                        if columns[at] != world.target.ident(&own.name) {
                            let detail = format!("column {} of {what} is named {}", own.name, columns[at]);
                            losses.add(&place.item("columns", at), "name", Action::Emulated, detail);
                        }
                    }
                    let create = format!("CREATE VIEW {name} ({}) AS\n{sql}", columns.join(", "));
                    match world.target.batch_end() {
                        Some(word) => script.batch(create, word),
                        None => script.statement(create),
                    }
                    drops.push(world.target.drop_statement("VIEW", &name));
                    let key = (view.schema.to_string(), view.name.to_string());
                    let columns = view.columns.iter().zip(columns).zip(classes).map(|((own, sql), (class, text))| {
                        (own.name.to_string(), ScopeColumn { sql, class, number_as_text: text })
                    });
                    relations.insert(key, Relation { sql: name, columns: columns.collect() });
                }
                Err(failure) => next.push((at, view, failure)),
            }
        }
        let done = next.len() == before || next.iter().all(|(_, _, failure)| matches!(failure, Failure::Refused(_)));
        if done {
            for (at, view, failure) in next {
                let reason = match failure {
                    Failure::Refused(reason) => format!("{reason} has no translation"),
                    Failure::Missing(name) => format!("{name} does not come along"),
                };
                let what = format!("view {}", qualified(&view.schema, &view.name));
                let parts = (what.as_str(), view.definition.as_str(), &*view.columns);
                left_out(&place("views", at), "view", parts, view.comment.as_deref(), &reason, (losses, script));
            }
            break;
        }
        waiting = next.into_iter().map(|(at, view, _)| (at, view)).collect();
    }
    for (at, view) in world.model.materialized_views.iter().enumerate() {
        check();
        let what = format!("materialized view {}", qualified(&view.schema, &view.name));
        let reason = format!("{} has no materialized views", world.target.facts().name);
        let parts = (what.as_str(), view.definition.as_str(), &*view.columns);
        let place = place("materialized_views", at);
        left_out(&place, "materialized view", parts, view.comment.as_deref(), &reason, (losses, script));
    }
    drops.reverse();
    drops
}

/// Puts a view into a comment.
fn left_out(
    place: &Place,
    feature: &str,
    (what, definition, columns): (&str, &str, &[Box<Column>]),
    comment: Option<&str>,
    reason: &str,
    (losses, script): (&mut Losses, &mut Script),
) {
    script.gap();
    script.comment(&format!("{what}:\n{definition}"));
    losses.add(place, feature, Action::Commented, format!("{what}: {reason}"));
    if comment.is_some() || columns.iter().any(|own| own.comment.is_some()) {
        losses.add(place, "comment", Action::Dropped, format!("the comments on {what}"));
    }
}

/// Reports what a view has besides its query.
fn attributes(place: &Place, what: &str, view: &View, losses: &mut Losses, script: &mut Script) {
    if !view.options.is_empty() {
        losses.add(place, "view options", Action::Dropped, format!("{what}: its options"));
    }
    script.gap();
    if let Some(text) = &view.comment {
        script.comment(&format!("{what}: {text}"));
        losses.add(place, "comment", Action::Commented, format!("the comment on {what}"));
    }
    for (at, own) in view.columns.iter().enumerate() {
        let place = place.item("columns", at);
        let what = format!("column {} of {what}", own.name);
        if let Some(text) = &own.comment {
            script.comment(&format!("{what}: {text}"));
            losses.add(&place, "comment", Action::Commented, format!("the comment on {what}"));
        }
        if own.default.is_some() {
            losses.add(&place, "default", Action::Dropped, format!("{what}: its default"));
        }
        if own.privileges.is_some() || !own.security_labels.is_empty() {
            losses.add(&place, "privileges", Action::Dropped, format!("{what}: privileges and security labels"));
        }
    }
}

/// The names of relations in a query: PostgreSQL's, and those of the dialect in quotes.
type Aliases = FxHashMap<String, String>;

/// The classes of a view's columns, and whether each is a number kept as text.
type Classes = Vec<(Class, bool)>;

fn translated(
    world: World<'_, '_>,
    relations: &Relations,
    view: &View,
    columns: &[String],
) -> Result<(String, Classes, Vec<&'static str>), Failure> {
    let query = parse_query(view.definition.trim_end_matches(';'))?;
    let (mut parts, mut classes, mut notes) = (Vec::new(), Classes::new(), Vec::new());
    let mut budget = budget_of(&view.definition);
    for (all, own) in &query.selects {
        let (sql, own_classes, own_notes) = select(world, relations, (&query, own), columns, &mut budget)?;
        if own_classes.len() != view.columns.len() {
            return Err(Failure::Refused("the number of its columns".to_owned()));
        }
        if !parts.is_empty() {
            parts.push(if *all { "UNION ALL".to_owned() } else { "UNION".to_owned() });
        }
        if classes.is_empty() {
            classes = own_classes;
        } else if classes != own_classes {
            return Err(Failure::Refused("a union of several types".to_owned()));
        }
        parts.push(sql);
        notes.extend(own_notes.into_iter().filter(|own| !notes.contains(own)).collect::<Vec<_>>());
    }
    Ok((parts.join("\n"), classes, notes))
}

fn select(
    world: World<'_, '_>,
    relations: &Relations,
    (query, own): (&Query, &Select),
    columns: &[String],
    budget: &mut usize,
) -> Result<(String, Classes, Vec<&'static str>), Failure> {
    let mut in_scope: Vec<(String, &Relation)> = Vec::new();
    for from in &own.from {
        collect(from, relations, &mut in_scope)?;
    }
    let mut names = Names::new(world.target.facts().names);
    let aliases = in_scope.iter().map(|(alias, _)| (alias.clone(), world.target.ident(&names.claim(alias))));
    let aliases: Aliases = aliases.collect();
    let mut by_alias: FxHashMap<&String, usize> = FxHashMap::default();
    for (at, (alias, _)) in in_scope.iter().enumerate() {
        by_alias.entry(alias).or_insert(at);
    }
    let column = |(alias, relation): &(String, &Relation), name: &str| {
        check();
        let own = relation.columns.get(name)?;
        Some(ScopeColumn { sql: format!("{}.{}", aliases.get(alias)?, own.sql), ..own.clone() })
    };
    let scope = |path: &[String]| match path {
        [alias, name] => by_alias.get(alias).and_then(|at| in_scope.get(*at)).and_then(|own| column(own, name)),
        [name] => {
            let mut found = in_scope.iter().filter_map(|own| column(own, name));
            let first = found.next();
            if found.next().is_some() { None } else { first }
        }
        _ => None,
    };
    let mut printer = Printer::new(world.target.syntax(), world.index, &scope, *budget);
    let mut sources = Vec::new();
    for from in &own.from {
        sources.push(source(world, relations, from, &aliases, &mut printer)?);
    }
    let condition = own.condition.as_ref().map(|own| printer.condition(own)).transpose()?;
    let groups = own.groups.iter().map(|own| printer.value(own).map(|(sql, _)| sql)).collect::<Result<Vec<_>, _>>()?;
    printer.aggregates = true;
    let (mut items, mut classes) = (Vec::new(), Classes::new());
    for (at, (value, name)) in own.items.iter().enumerate() {
        if world.target.groups_strictly() && !own.groups.is_empty() && !is_grouped(value, &own.groups) {
            return Err(Failure::Refused("a column that its key determines, but not its group,".to_owned()));
        }
        let (sql, class, number_as_text) = printer.item(value)?;
        classes.push((class, number_as_text));
        items.push(match name.as_ref().and(columns.get(at)) {
            Some(name) => format!("{sql} AS {name}"),
            None => sql,
        });
    }
    let having = own.having.as_ref().map(|own| printer.condition(own)).transpose()?;
    let distinct = if own.distinct { "DISTINCT " } else { "" };
    let mut sql = format!("SELECT {distinct}{}", items.join(", "));
    if !sources.is_empty() {
        sql += &format!("\nFROM {}", sources.join(", "));
    }
    if let Some(condition) = condition {
        sql += &format!("\nWHERE {condition}");
    }
    if !groups.is_empty() {
        sql += &format!("\nGROUP BY {}", groups.join(", "));
    }
    if let Some(having) = having {
        sql += &format!("\nHAVING {having}");
    }
    if !query.order.is_empty() {
        if query.selects.len() > 1 {
            return Err(Failure::Refused("the order of a union".to_owned()));
        }
        if world.target.orders_views() {
            let mut order = Vec::new();
            for (value, descending) in &query.order {
                let desc = if *descending { " DESC" } else { "" };
                order.push(format!("{}{desc}", printer.value(value)?.0));
            }
            sql += &format!("\nORDER BY {}", order.join(", "));
            printer.notes.push("nulls come first in its order");
        } else {
            printer.notes.push("its rows have no order");
        }
    }
    *budget = printer.budget;
    Ok((sql, classes, printer.notes))
}

/// Returns whether an expression has columns of the groups only, outside of functions of many rows.
fn is_grouped(value: &Expr, groups: &[Expr]) -> bool {
    let is_value = |own: &Expr| {
        check();
        own == value
    };
    if groups.iter().any(is_value) {
        return true;
    }
    match value {
        Expr::Column(_) => false,
        Expr::Call(name, _) if matches!(name.as_str(), "count" | "sum" | "min" | "max") => true,
        value => {
            let mut all = true;
            value.each_part(&mut |part| all &= is_grouped(part, groups));
            all
        }
    }
}

/// Collects the relations of a query with their names in it.
fn collect<'r>(from: &From, relations: &'r Relations, found: &mut Vec<(String, &'r Relation)>) -> Result<(), Failure> {
    match from {
        From::Relation(schema, name, alias) => {
            let relation = relations.get(&(schema.clone(), name.clone()));
            found.push((alias.clone(), relation.ok_or_else(|| Failure::Missing(qualified(schema, name)))?));
            Ok(())
        }
        From::Join(left, _, right, ..) => {
            collect(left, relations, found)?;
            collect(right, relations, found)
        }
    }
}

fn source(
    world: World<'_, '_>,
    relations: &Relations,
    from: &From,
    aliases: &Aliases,
    printer: &mut Printer<'_, '_>,
) -> Result<String, Failure> {
    match from {
        From::Relation(schema, name, alias) => {
            let relation = relations.get(&(schema.clone(), name.clone()));
            let relation = relation.ok_or_else(|| Failure::Missing(qualified(schema, name)))?;
            let alias = aliases.get(alias).ok_or_else(|| Failure::Missing(qualified(schema, name)))?;
            Ok(format!("{} AS {alias}", relation.sql))
        }
        From::Join(left, join, right, condition, common) => {
            if *join == Join::Full && !world.target.has_full_joins() {
                return Err(Failure::Refused("FULL JOIN".to_owned()));
            }
            if *join == Join::Full && !common.is_empty() {
                return Err(Failure::Refused("FULL JOIN with USING".to_owned()));
            }
            let condition = match condition {
                Some(condition) => Some(condition.clone()),
                None if common.is_empty() => None,
                None => Some(equality(relations, (left, right), common)?),
            };
            let left = source(world, relations, left, aliases, printer)?;
            let is_join = matches!(**right, From::Join(..));
            let right = source(world, relations, right, aliases, printer)?;
            let right = if is_join { format!("({right})") } else { right };
            let condition = condition.map(|own| printer.condition(&own)).transpose()?;
            let on = condition.map_or_else(String::new, |own| format!(" ON {own}"));
            Ok(format!("{left}\n  {} {right}{on}", join.words()))
        }
    }
}

/// Returns the condition that columns of both sides of a join are equal.
fn equality(relations: &Relations, (left, right): (&From, &From), common: &[String]) -> Result<Expr, Failure> {
    let side = |from: &From, column: &String| {
        let mut found = Vec::new();
        collect(from, relations, &mut found)?;
        let mut has = found.into_iter().filter(|(_, relation)| relation.columns.contains_key(column));
        match (has.next(), has.next()) {
            (Some((alias, _)), None) => Ok(Expr::Column(vec![alias, column.clone()])),
            _ => Err(Failure::Refused("a join with USING of several relations".to_owned())),
        }
    };
    let mut all = Vec::new();
    for column in common {
        let (left, right) = (side(left, column)?, side(right, column)?);
        all.push(Expr::Binary("=".to_owned(), Box::new(left), Box::new(right)));
    }
    Ok(Expr::And(all))
}
