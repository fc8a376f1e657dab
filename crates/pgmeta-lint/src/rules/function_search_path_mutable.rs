//! Rule function_search_path_mutable.

use pgmeta_core::ident::ident;
use pgmeta_core::model::{Function, ObjectRef, Setting};

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Function that looks up names where the caller says
    ///
    /// Reports SECURITY DEFINER functions and procedures without SET search_path. Functions of the languages c and internal, and
    /// those whose body the server parsed when they were created (RETURN, BEGIN ATOMIC), are not reported. With the option other
    /// functions are reported too, with the level info.
    ///
    /// # Why
    ///
    /// The caller chooses the schemas in which the names of the body are looked up: with a table or an operator of that name in a
    /// schema of their own they make the function run their code as its owner.
    ///
    /// # Fix
    ///
    /// Set search_path to the schemas that the body needs, with pg_temp as the last one.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY);
    /// CREATE FUNCTION app.total() RETURNS bigint LANGUAGE sql SECURITY DEFINER AS 'SELECT count(*) FROM app.orders';
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY);
    /// CREATE FUNCTION app.total() RETURNS bigint LANGUAGE sql SECURITY DEFINER
    ///     SET search_path = pg_catalog, app, pg_temp AS 'SELECT count(*) FROM orders';
    /// ```
    Rule {
        name: "function_search_path_mutable",
        level: Level::Warning,
        category: Category::Security,
        options: &[INVOKER],
        peers: &["splinter:function_search_path_mutable"],
        judge: Judge::Schema(check),
    }
}

const INVOKER: RuleOption =
    RuleOption::flag("invoker_functions", false, "Whether functions that run as their caller are reported too.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let all = cx.settings.flag(&INVOKER);
    let is_judged = |own: &&Function| {
        let is_open = !own.settings.iter().any(|setting| &*setting.name == "search_path");
        let is_parsed_later = own.sql_body.is_none() && !matches!(&*own.language, "c" | "internal");
        (own.security_definer || all) && is_open && is_parsed_later
    };
    for function in cx.model.functions.iter().filter(is_judged) {
        pgmeta_core::interrupt::check();
        let key = function.object_key();
        let detail = format!("The search_path of {key} is its caller's.");
        let fix = Fix::plan(cx, [ObjectRef::Function(function)], |model| {
            for own in &mut model.functions {
                let value = format!("pg_catalog, {}, pg_temp", ident(&own.schema));
                own.settings.push(Setting { name: "search_path".into(), value });
            }
        });
        let draft = Draft::of(key, crate::finding::sentence(detail)).fix(fix);
        let draft = draft.fact("security_definer", function.security_definer);
        report.add(if function.security_definer { draft } else { draft.level(Level::Info) });
    }
}
