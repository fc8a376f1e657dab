//! A model in another dialect: the steps in order.

use pgmeta_core::ident::qualified;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Model, ModelIndex, Sequence};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::dialect::Dialect;
use crate::loss::{Action, Losses, Place};
use crate::mariadb::mariadb;
use crate::mssql::Mssql;
use crate::mysql::mysql;
use crate::options::Options;
use crate::others::{self, Tables};
use crate::output::{Output, Script};
use crate::pointer::place;
use crate::sqlite::Sqlite;
use crate::table::{Namespaces, TablePlan, World, create_all, numbering_sequence, plan_all};
use crate::target::Target;
use crate::view;

/// Returns the schema of a model in a dialect, and all that did not come along.
pub fn convert(model: &Model, dialect: Dialect, options: &Options) -> Output {
    let target = target(dialect, options);
    let index = ModelIndex::of(model);
    let world = World { model, index: &index, target: &*target, options };
    let (mut names, mut losses) = (Namespaces::new(world.target), Losses::default());
    let plans = plan_all(world, &mut names, &mut losses);
    let tables: Tables<'_> = plans.iter().map(|plan| (&*plan.table.schema, &*plan.table.name)).collect();

    let mut body = Script::default();
    let sequences = sequences(world, &plans, &mut names, &mut losses, &mut body);
    let find = |schema: &str, name: &str| sequences.names.get(&(schema.to_owned(), name.to_owned())).cloned();
    let (relations, view_names) = (view::relations(&plans), view::names(world, &mut names));
    let mut drops = create_all(world, plans, &find, &mut names, &mut losses, &mut body);
    let views = view::create_all(world, relations, view_names, &mut losses, &mut body);
    others::report(world, &tables, &mut losses);

    let mut script = Script::default();
    if let Some(text) = world.target.foreign_keys_need()
        && model.constraints.iter().any(|own| own.foreign_key.is_some())
    {
        script.comment(text);
        losses.add(&Place::default(), "foreign key", Action::Emulated, text);
    }
    for schema in schemas(world) {
        script.statement(schema);
    }
    if options.drop {
        let mut all = views;
        all.append(&mut drops);
        all.extend(sequences.drops);
        script.gap();
        all.into_iter().for_each(|drop| script.statement(drop));
    }
    script.append(body);
    script.finish(losses)
}

/// Returns the target of a dialect.
fn target(dialect: Dialect, options: &Options) -> Box<dyn Target> {
    match dialect {
        Dialect::Sqlite => Box::new(Sqlite),
        Dialect::Mysql => Box::new(mysql()),
        Dialect::Mariadb => Box::new(mariadb()),
        Dialect::Mssql => Box::new(Mssql { schemas: options.schemas }),
    }
}

/// Returns the statements that create schemas, those of the model and those of its tables.
fn schemas(world: World<'_, '_>) -> Vec<String> {
    let model = world.model;
    let of_tables = model.tables.iter().map(|own| &own.schema);
    let of_others = model.sequences.iter().map(|own| &own.schema).chain(model.views.iter().map(|own| &own.schema));
    let all = model.schemas.iter().map(|own| &own.name).chain(of_tables).chain(of_others);
    let (mut seen, mut found) = (FxHashSet::default(), Vec::new());
    for name in all {
        check();
        let Some(own) = world.target.schema(name) else { continue };
        // Every database has the schema dbo.
        if own != "dbo" && seen.insert(own.clone()) {
            found.extend(world.target.create_schema(&own));
        }
    }
    found
}

/// The sequences of the dialect.
struct Sequences {
    /// By schema and name.
    names: FxHashMap<(String, String), String>,
    drops: Vec<String>,
}

/// Creates the sequences that do not number a column, if the dialect has sequences.
fn sequences<'m>(
    world: World<'_, 'm>,
    plans: &[TablePlan<'m>],
    names: &mut Namespaces,
    losses: &mut Losses,
    script: &mut Script,
) -> Sequences {
    let numbering: FxHashMap<(&str, &str), &'m Sequence> = plans
        .iter()
        .flat_map(|plan| plan.columns.iter().filter(|own| own.numbered.is_some()).map(move |own| (plan, own)))
        .filter_map(|(plan, own)| numbering_sequence(world, plan, own.column))
        .map(|own| ((&*own.schema, &*own.name), own))
        .collect();
    let mut found = Sequences { names: FxHashMap::default(), drops: Vec::new() };
    let dialect = world.target.facts().name;
    for (at, own) in world.model.sequences.iter().enumerate() {
        check();
        let place = place("sequences", at);
        let what = format!("sequence {}", qualified(&own.schema, &own.name));
        if numbering.contains_key(&(&*own.schema, &*own.name)) {
            let plain = own.start == 1 && own.increment == 1 && !own.cycle;
            let detail = if plain {
                format!("{what}: {dialect} numbers the column")
            } else {
                let (start, increment) = (own.start, own.increment);
                let cycle = if own.cycle { ", and starts again at its end" } else { "" };
                format!("{what}: {dialect} numbers the column; it began at {start}, by {increment}{cycle}")
            };
            losses.add(&place, "sequence", Action::Emulated, detail);
            continue;
        }
        let schema = world.target.schema(&own.schema);
        let create = |name: &str| {
            let name = world.target.qualified(schema.as_deref(), name);
            Some((world.target.create_sequence(own, &name)?, name))
        };
        // A name is only taken if there are sequences.
        if create("").is_none() {
            losses.add(&place, "sequence", Action::Dropped, format!("{what}: {dialect} has no sequences"));
            continue;
        }
        let name = names.relations(schema.as_deref()).claim(&own.name);
        if name != *own.name {
            losses.add(&place, "name", Action::Emulated, format!("{what} is named {name}"));
        }
        if let Some((sql, name)) = create(&name) {
            script.statement(sql);
            found.drops.push(world.target.drop_statement("SEQUENCE", &name));
            found.names.insert((own.schema.to_string(), own.name.to_string()), name);
        }
        let mut add = |feature: &str, is: bool, detail: &str| {
            if is {
                losses.add(&place, feature, Action::Dropped, format!("{what}: {detail}"));
            }
        };
        add("sequence", own.unlogged, "it is logged");
        add("sequence", own.owned_by.is_some(), "it stays when its column is dropped");
        add("comment", own.comment.is_some(), "its comment");
        let ends = world.target.sequence_bounds();
        let cut = [own.start, own.min, own.max].iter().any(|value| *value < ends.0 || *value > ends.1);
        add("sequence", cut, "its bounds are those of the dialect");
    }
    found
}
