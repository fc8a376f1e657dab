//! Whole scripts: the steps of a plan as text, with the settings around them.

use crate::ddl::context::Context;
use crate::ddl::entry::{Entry, Item};
use crate::ddl::options::Options;
use crate::ddl::order::plan;
use crate::ddl::printable::Printable;
use crate::ddl::render::Script;
use crate::ddl::shared;
use crate::ddl::step::{Plan, Step};
use crate::interrupt;
use crate::model::{Model, ObjectRef, Part};
use crate::parallel::{Executor, MINIMUM_FOR_A_THREAD, Sequential};

/// The settings of every script, which pg_dump sets for the same reasons.
pub const PREAMBLE: &str = "\
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
";

/// Prints the steps one by one in restorable order. An error of `check` (query cancel) stops it.
pub fn items<E>(
    model: &Model,
    options: &Options,
    mut check: impl FnMut() -> Result<(), E>,
    mut each: impl FnMut(Item) -> Result<(), E>,
) -> Result<(), E> {
    let plan = plan(model, &Sequential);
    let cx = Context::new(model, options, &plan);
    for step in &plan.steps {
        interrupt::check();
        check()?;
        if let Some(ddl) = print(step, &cx) {
            each(Item { entry: Entry::of(step), ddl })?;
        }
    }
    Ok(())
}

/// Number of steps that are printed between two polls of the other half.
const CHUNK: usize = MINIMUM_FOR_A_THREAD;

/// Prints a whole model as one script, in two halves that `executor` may run in parallel. An error of `check` (query cancel) stops it.
pub fn export<E>(
    model: &Model,
    options: &Options,
    mut check: impl FnMut() -> Result<(), E>,
    executor: &impl Executor,
) -> Result<String, E> {
    let plan = plan(model, executor);
    let cx = Context::new(model, options, &plan);
    // Most steps are shorter. The capacity prevents copies of many megabytes as the text grows.
    let mut text = String::with_capacity(PREAMBLE.len() + plan.steps.len() * 256);
    text.push_str(PREAMBLE);
    if options.drop {
        for step in plan.steps.iter().rev() {
            interrupt::check();
            check()?;
            if let Some(sql) = drop_statement(step, &cx) {
                text.push_str(&sql);
                text.push_str(";\n");
            }
        }
    }
    for chunk in plan.steps.chunks(CHUNK) {
        let (first, second) = chunk.split_at(chunk.len() / 2);
        let later = String::with_capacity(second.len() * 256);
        let (second, first) = executor.join_if_large(
            chunk.len(),
            || append(later, second, &cx, || Ok::<(), std::convert::Infallible>(())),
            || append(text, first, &cx, &mut check),
        );
        text = first?;
        text.push_str(&match second {
            Ok(second) => second,
            Err(never) => match never {},
        });
    }
    Ok(text)
}

/// Appends steps to a script.
fn append<E>(
    mut text: String,
    steps: &[Step<'_>],
    cx: &Context<'_>,
    mut check: impl FnMut() -> Result<(), E>,
) -> Result<String, E> {
    for step in steps {
        interrupt::check();
        check()?;
        let before = text.len();
        text.push('\n');
        let mut out = Script::from(text);
        print_to(&mut out, step, cx);
        text = out.into_text();
        // Only the empty line: the options exclude the whole step.
        if text.len() == before + 1 {
            text.truncate(before);
        }
    }
    Ok(text)
}

/// Prints one part of an object for callers that need nothing else: a column's default, a domain's check.
pub fn part_of(model: &Model, options: &Options, object: ObjectRef<'_>, part: Part) -> String {
    let plan = Plan::default();
    let cx = Context::new(model, options, &plan);
    let mut out = Script::default();
    object.render().part(part, &cx, &mut out);
    out.into_text()
}

/// Returns the statements of a step, or `None` if the options exclude all of it.
fn print(step: &Step<'_>, cx: &Context<'_>) -> Option<String> {
    let mut out = Script::default();
    print_to(&mut out, step, cx);
    (!out.is_empty()).then(|| out.into_text())
}

/// Appends the statements of a step.
fn print_to(out: &mut Script, step: &Step<'_>, cx: &Context<'_>) {
    if !cx.options.sections.contains(&step.section) {
        return;
    }
    let object = step.object.render();
    if !object.is_selected(cx) {
        return;
    }
    if step.part == Part::Main {
        object.create(cx, out);
        shared::after(object, cx, out);
        object.finish(cx, out);
    } else {
        object.part(step.part, cx, out);
    }
}

/// Returns the statement that undoes a step.
fn drop_statement(step: &Step<'_>, cx: &Context<'_>) -> Option<String> {
    if !cx.options.sections.contains(&step.section) {
        return None;
    }
    let object = step.object.render();
    if object.is_selected(cx) { object.drop_statement(step.part, cx) } else { None }
}

/// Prints a model's objects for the tests of the kinds.
#[cfg(test)]
pub fn print_script(model: &Model, options: &Options) -> String {
    let mut text = String::new();
    let each = |item: Item| {
        text.push_str(&item.ddl);
        Ok::<(), ()>(())
    };
    let _ = items(model, options, || Ok(()), each);
    text
}
