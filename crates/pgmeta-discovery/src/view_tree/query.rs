//! The columns of a query's result: of a SELECT, of set operations, of WITH queries.

use std::cell::RefCell;
use std::rc::Rc;

use pgmeta_core::interrupt::check;

use super::node::Item;
use super::scope::Scope;
use super::trace::{Output, Tracer};

/// What commandType says of SELECT.
const SELECT: i64 = 1;

/// How often a recursive query is looked at before it is given up.
const MOST_ROUNDS: usize = 8;

/// A WITH query, by its name as the tree writes it.
enum With {
    Known(Rc<[Output]>),
    /// A recursive query that is being looked at for the first time.
    Assumed,
}

/// A level of nested queries, with its WITH queries.
#[derive(Default)]
pub struct Level<'a> {
    // Its names are of its own, so that a level lives as long as it is needed.
    with: RefCell<Vec<(String, With)>>,
    above: Option<&'a Level<'a>>,
}

impl Level<'_> {
    /// Returns a column of a WITH query, so many levels above.
    pub fn with_column(&self, name: &str, levels: i64, number: i64) -> Output {
        let mut level = self;
        for _ in 0..levels {
            let Some(above) = level.above else { return Output::UNKNOWN };
            level = above;
        }
        let with = level.with.borrow();
        match with.iter().rev().find(|(own, _)| own == name) {
            Some((_, With::Known(outputs))) => nth(outputs, number),
            // Whatever is true of the first rows may be true of all: the next round shows it.
            Some((_, With::Assumed)) => Output { never_null: true, source: super::trace::Source::Any },
            None => Output::UNKNOWN,
        }
    }
}

/// Returns a column by its number, from 1.
pub fn nth(outputs: &[Output], number: i64) -> Output {
    let at = usize::try_from(number - 1).ok();
    at.and_then(|at| outputs.get(at)).copied().unwrap_or(Output::UNKNOWN)
}

/// Returns the columns of a query, in order.
pub fn outputs(tracer: &Tracer<'_>, query: Item<'_>, above: Option<&Level<'_>>, stored: bool) -> Vec<Output> {
    check();
    if query.tag() != "QUERY" || query.number_of("commandType") != Some(SELECT) {
        return Vec::new();
    }
    let level = Level { with: RefCell::default(), above };
    for with in query.list("cteList") {
        with_query(tracer, with, &level, stored);
    }
    let scope = Scope::of(tracer, query, &level, stored);
    if let Some(operations) = query.field("setOperations") {
        return tracer.deeper(|| set_operation(&scope, operations)).unwrap_or_default();
    }
    let targets = query.list("targetList").filter(|target| !target.flag("resjunk"));
    targets.map(|target| target.field("expr").map_or(Output::UNKNOWN, |own| scope.output(own))).collect()
}

/// Adds a WITH query to its level. A recursive one is looked at until what is assumed of its own rows follows from itself.
fn with_query(tracer: &Tracer<'_>, with: Item<'_>, level: &Level<'_>, stored: bool) {
    let (Some(name), Some(query)) = (with.field("ctename").and_then(Item::word), with.field("ctequery")) else {
        return;
    };
    let look = || tracer.deeper(|| outputs(tracer, query, Some(level), stored)).unwrap_or_default();
    if !with.flag("cterecursive") {
        let found = With::Known(look().into());
        level.with.borrow_mut().push((name.to_owned(), found));
        return;
    }
    let assume = |assumed: With| {
        let mut all = level.with.borrow_mut();
        all.retain(|(own, _)| own != name);
        all.push((name.to_owned(), assumed));
    };
    assume(With::Assumed);
    let mut last = look();
    for _ in 0..MOST_ROUNDS {
        assume(With::Known(last.as_slice().into()));
        let next = look();
        if next == last {
            return;
        }
        last = next;
    }
    assume(With::Known(Rc::new([])));
}

/// What a set operation does with the rows of its arms.
const INTERSECT: i64 = 2;
const EXCEPT: i64 = 3;

/// Returns the columns of UNION, INTERSECT and EXCEPT. Chains of them are nested on the left.
fn set_operation(scope: &Scope<'_>, operations: Item<'_>) -> Vec<Output> {
    let (mut first, mut others) = (operations, Vec::new());
    while first.tag() == "SETOPERATIONSTMT" {
        check();
        let (Some(left), Some(right)) = (first.field("larg"), first.field("rarg")) else { return Vec::new() };
        others.push((first.number_of("op"), right));
        first = left;
    }
    let mut found = scope.arm(first);
    for (operation, right) in others.into_iter().rev() {
        let right = scope.tracer.deeper(|| set_operation(scope, right)).unwrap_or_default();
        let pair = |(at, left): (usize, &Output)| {
            let right = right.get(at).copied().unwrap_or(Output::UNKNOWN);
            match operation {
                Some(EXCEPT) => *left,
                Some(INTERSECT) => {
                    Output { never_null: left.never_null || right.never_null, source: left.source.or(right.source) }
                }
                _ => Output { never_null: left.never_null && right.never_null, source: left.source.or(right.source) },
            }
        };
        found = found.iter().enumerate().map(pair).collect();
    }
    found
}
