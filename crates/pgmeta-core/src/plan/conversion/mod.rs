//! The conversion of a column's values to a new type: one decision that determines the USING clause, the hazards, the reason, and
//! the query that counts changed values. A value that is too long raises an error: the plan cuts off nothing that the server would
//! not cut off itself. Prints no statement.

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

/// How values are converted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// By the server's assignment cast: without USING, so that a value that does not fit is an error.
    Assignment,
    /// By an explicit cast to this type. The type has no modifier if the assignment that follows applies one.
    Explicit(String),
    /// No cast exists: this type reads the text of the values.
    ThroughText(String),
    /// By the caller's expression.
    Caller(String),
}

/// The way of a conversion and its effects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conversion {
    pub way: Way,
    facts: Facts,
}

impl Conversion {
    /// Decides the conversion from one type to another.
    pub fn between(old: &str, new: &str, types: Types<'_, '_>) -> Self {
        let (source, target) = (Shape::of(old), Shape::of(new));
        if let Some((to, bits)) = types.longer_bits(&source, &target) {
            let facts = Facts::rewritten([Loss::Zeros], false).and(bits);
            return Self { way: Way::Explicit(to), facts };
        }
        let to = types.cast_target(&source, &target);
        if let Some(facts) = types.path(&source, &target, false) {
            // Casts have no schema, so a model of some schemas lacks them: an explicit cast uses such a cast instead of the text.
            let way = if types.prints_own(&source, &target) { Way::Explicit(to) } else { Way::Assignment };
            return Self { way, facts };
        }
        match types.path(&source, &target, true) {
            Some(facts) => Self { way: Way::Explicit(to), facts },
            None => Self { way: Way::ThroughText(to), facts: types.through_text(&source, &target) },
        }
    }

    /// Returns the conversion by the caller's expression.
    pub fn by_caller(expression: &str) -> Self {
        Self { way: Way::Caller(expression.to_owned()), facts: Facts::rewritten([Loss::Caller], true) }
    }

    /// Returns the conversion of a generated column: its values are computed again, and lose nothing.
    pub fn computed(self) -> Self {
        Self { way: Way::Assignment, facts: Facts { losses: Default::default(), ..self.facts } }
    }

    /// Returns the USING clause, with a blank before it.
    pub fn using(&self, column: &str) -> String {
        match &self.way {
            Way::Assignment => String::new(),
            _ => format!(" USING {}", self.expression(column)),
        }
    }

    /// Returns the expression of the new value, before its assignment.
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

    /// Adds the effects of the conversion and its reason to a statement.
    pub fn noted(&self, statement: Statement, table: String, why: String) -> Statement {
        let mut reason = vec![why];
        match &self.way {
            Way::Assignment => {}
            Way::Explicit(_) => reason.push("by an explicit cast".into()),
            Way::ThroughText(_) => reason.push(
                "no cast exists, so the new type reads the text of each value (the option \"using\" can specify an \
                 expression)"
                    .into(),
            ),
            Way::Caller(_) => reason.push("by the expression in the option \"using\"".into()),
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

/// Returns all casts that the plan knows of a major version, for the test that compares them with a server: source, target, context.
pub fn known_casts(major: u32) -> impl Iterator<Item = (&'static str, &'static str, CastContext)> {
    known::pairs(major).into_iter().filter_map(move |(source, target)| {
        known::cast(source, target, major).map(|known| (source, target, known.context))
    })
}
