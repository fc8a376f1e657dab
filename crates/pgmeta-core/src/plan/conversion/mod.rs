//! How the values of a column become values of its new type: one decision, from which come the USING clause, the hazards, the
//! reason, and the query that counts what changes. What is too long raises an error: nothing is cut off that the server would
//! not cut by itself. Prints no statement.

mod count;
mod facts;
mod known;
mod length;
mod loss;
mod path;
mod shape;
#[cfg(test)]
#[allow(clippy::panic)]
mod tests;

pub use count::Count;
pub use path::Types;

use crate::model::CastContext;
use crate::plan::conversion::facts::Facts;
use crate::plan::conversion::loss::Loss;
use crate::plan::conversion::shape::Shape;
use crate::plan::step::{Hazard, Statement};

/// By which way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// As the server assigns: without USING, so that what does not fit is an error.
    Assignment,
    /// By a cast to this type that has to be asked for, or may have to be. It has no modifier where the assignment that follows applies one.
    Explicit(String),
    /// There is no cast: this type reads the text of the values.
    ThroughText(String),
    /// By an expression of the caller's.
    Caller(String),
}

/// How values are converted, and what that does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    pub way: Way,
    facts: Facts,
}

impl Conversion {
    /// Decides how values of one type become values of another.
    pub fn between(old: &str, new: &str, types: Types<'_, '_>) -> Self {
        let (source, target) = (Shape::of(old), Shape::of(new));
        if let Some((to, bits)) = types.longer_bits(&source, &target) {
            let facts = Facts::rewritten([Loss::Zeros], false).and(bits);
            return Self { way: Way::Explicit(to), facts };
        }
        let to = types.asked_for(&source, &target);
        if let Some(facts) = types.path(&source, &target, false) {
            // Casts live in no schema: a plan of some schemas does not know them, and an explicit one keeps the server from printing.
            let way = if types.prints_own(&source, &target) { Way::Explicit(to) } else { Way::Assignment };
            return Self { way, facts };
        }
        match types.path(&source, &target, true) {
            Some(facts) => Self { way: Way::Explicit(to), facts },
            None => Self { way: Way::ThroughText(to), facts: types.through_text(&source, &target) },
        }
    }

    /// Returns the conversion that the caller has written down.
    pub fn by_caller(expression: &str) -> Self {
        Self { way: Way::Caller(expression.to_owned()), facts: Facts::rewritten([Loss::Caller], true) }
    }

    /// Returns the conversion of a column whose values are computed: they are computed again, and lose nothing.
    pub fn computed(self) -> Self {
        Self { way: Way::Assignment, facts: Facts { losses: Default::default(), ..self.facts } }
    }

    /// Returns the clause that says how, with a blank before it.
    pub fn using(&self, column: &str) -> String {
        match &self.way {
            Way::Assignment => String::new(),
            _ => format!(" USING {}", self.expression(column)),
        }
    }

    /// Returns the expression that has the new value, before it is assigned.
    pub fn expression(&self, column: &str) -> String {
        match &self.way {
            Way::Assignment => column.to_owned(),
            Way::Explicit(to) => format!("{column}::{to}"),
            Way::ThroughText(to) => format!("{column}::text::{to}"),
            Way::Caller(expression) => format!("({expression})"),
        }
    }

    pub fn rewrites(&self) -> bool {
        self.facts.rewrites
    }

    /// Notes on a statement what the conversion does to the table, and why it is done this way.
    pub fn noted(&self, statement: Statement, table: String, why: String) -> Statement {
        let mut reason = vec![why];
        match &self.way {
            Way::Assignment => {}
            Way::Explicit(_) => reason.push("by an explicit cast".into()),
            Way::ThroughText(_) => reason.push(
                "no cast leads from one to the other, so the new type reads the text of each value (the option using \
                 takes an expression instead)"
                    .into(),
            ),
            Way::Caller(_) => reason.push("the expression is the caller's, from the option using".into()),
        }
        reason.extend(self.facts.losses.iter().map(|loss| loss.words().to_owned()));
        let mut statement = statement.reason(reason.join("; "));
        if self.facts.fails {
            statement = statement.hazard(Hazard::MayFailOnData);
        }
        if !self.facts.losses.is_empty() {
            statement = statement.hazard(Hazard::Correctness);
        }
        if self.facts.rewrites { statement.rewrites(table) } else { statement }
    }
}

/// Every cast that the plan knows of a major version, for the test that holds them against a server: from, to, whether only an
/// explicit cast takes it.
pub fn known_casts(major: u32) -> impl Iterator<Item = (&'static str, &'static str, CastContext)> {
    known::pairs(major).into_iter().filter_map(move |(source, target)| {
        known::cast(source, target, major).map(|known| (source, target, known.context))
    })
}
