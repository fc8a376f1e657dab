//! Prints an expression in a dialect. Refuses what has no certain translation; notes where a translation differs.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::ModelIndex;

use crate::data_type::DataType;

use super::syntax::{Argument, Syntax};
use super::tree::{Expr, Test};
use super::{Class, Refusal};

/// A column that expressions may name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ScopeColumn {
    /// Its name in the dialect.
    pub sql: String,
    /// The class of its values.
    pub class: Class,
    /// Whether they are numbers that the dialect keeps as text.
    pub number_as_text: bool,
}

/// Finds the columns that an expression may name.
pub(crate) type Scope<'a> = &'a dyn Fn(&[String]) -> Option<ScopeColumn>;

/// Prints expressions.
pub(crate) struct Printer<'a, 'm> {
    pub syntax: &'a dyn Syntax,
    pub index: &'a ModelIndex<'m>,
    pub scope: Scope<'a>,
    /// Whether functions of many rows may stand here.
    pub aggregates: bool,
    /// How the translation differs, in words.
    pub notes: Vec<&'static str>,
    /// How many bytes may still be printed, parts and wholes. Where a dialect has a part twice, each level doubles the text.
    pub budget: usize,
}

/// A printed part.
pub(super) struct Printed {
    pub sql: String,
    pub class: Class,
    /// Whether it is a condition, which not every dialect takes for a value.
    pub is_condition: bool,
    /// Whether an operator before or after it would take it apart.
    pub is_compound: bool,
    pub number_as_text: bool,
}

impl Printed {
    pub fn value(sql: impl Into<String>, class: Class) -> Self {
        Self { sql: sql.into(), class, is_condition: false, is_compound: false, number_as_text: false }
    }

    pub fn compound(sql: String, class: Class) -> Self {
        Self { is_compound: true, ..Self::value(sql, class) }
    }

    pub fn condition(sql: String) -> Self {
        Self { is_condition: true, ..Self::compound(sql, Class::Boolean) }
    }

    pub fn in_parentheses(self) -> String {
        if self.is_compound { format!("({})", self.sql) } else { self.sql }
    }
}

pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// A note on comparisons of texts.
pub(super) const ORDER_OF_TEXTS: &str = "texts are ordered by code points";

const FLOATS: &str = "exact numbers are compared as floating point numbers";

/// Returns how many bytes may be printed for a text: some in any case, and some for each of its bytes.
pub(crate) fn budget_of(sql: &str) -> usize {
    sql.len().saturating_mul(128).saturating_add(16_384)
}

impl<'a, 'm> Printer<'a, 'm> {
    /// Returns a printer that prints no more than some bytes.
    pub fn new(syntax: &'a dyn Syntax, index: &'a ModelIndex<'m>, scope: Scope<'a>, budget: usize) -> Self {
        Self { syntax, index, scope, aggregates: false, notes: Vec::new(), budget }
    }
}

impl<'m> Printer<'_, 'm> {
    /// Returns the expression as a condition.
    pub fn condition(&mut self, expression: &Expr) -> Result<String> {
        self.whole_condition(expression).map(|printed| printed.sql)
    }

    /// Returns the expression as a value, and its class.
    pub fn value(&mut self, expression: &Expr) -> Result<(String, Class)> {
        let printed = self.whole_value(expression)?;
        Ok((printed.sql, printed.class))
    }

    /// Returns the expression as a value, its class, and whether it is a number kept as text.
    pub fn item(&mut self, expression: &Expr) -> Result<(String, Class, bool)> {
        let printed = self.whole_value(expression)?;
        Ok((printed.sql, printed.class, printed.number_as_text))
    }

    /// Returns a type of the model.
    pub fn data_type(&self, name: &str) -> DataType<'m> {
        DataType::of(self.index, name)
    }

    pub(super) fn note(&mut self, note: &'static str) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    pub(super) fn whole_condition(&mut self, expression: &Expr) -> Result<Printed> {
        let printed = self.print(expression)?;
        self.as_condition(printed)
    }

    fn as_condition(&self, printed: Printed) -> Result<Printed> {
        match printed.class {
            _ if printed.is_condition || self.syntax.has_boolean_values() => Ok(printed),
            Class::Boolean => Ok(Printed::condition(format!("{} = 1", printed.in_parentheses()))),
            _ => Err(Refusal::of("a condition that is not boolean")),
        }
    }

    pub(super) fn whole_value(&mut self, expression: &Expr) -> Result<Printed> {
        if let Expr::Boolean(value) = expression {
            return Ok(Printed::value(self.syntax.boolean(*value), Class::Boolean));
        }
        let printed = self.print(expression)?;
        if !printed.is_condition || self.syntax.has_boolean_values() {
            return Ok(printed);
        }
        let sql = printed.sql;
        Ok(Printed::value(format!("CAST(CASE WHEN {sql} THEN 1 WHEN NOT ({sql}) THEN 0 END AS BIT)"), Class::Boolean))
    }

    pub(super) fn operand(&mut self, expression: &Expr) -> Result<Argument> {
        let printed = self.whole_value(expression)?;
        let (class, number_as_text) = (printed.class, printed.number_as_text);
        Ok(Argument { sql: printed.in_parentheses(), class, number_as_text })
    }

    pub(super) fn condition_operand(&mut self, expression: &Expr) -> Result<String> {
        self.whole_condition(expression).map(Printed::in_parentheses)
    }

    /// Takes a text from the budget.
    pub(super) fn spend(&mut self, sql: &str) -> Result<()> {
        self.budget = self.budget.checked_sub(sql.len()).ok_or_else(|| Refusal::of("its length in the dialect"))?;
        Ok(())
    }

    pub(super) fn print(&mut self, expression: &Expr) -> Result<Printed> {
        check();
        let printed = self.one(expression)?;
        self.spend(&printed.sql)?;
        Ok(printed)
    }

    fn one(&mut self, expression: &Expr) -> Result<Printed> {
        match expression {
            Expr::Null => Ok(Printed::value("NULL", Class::Null)),
            Expr::Boolean(value) if self.syntax.has_boolean_values() => {
                Ok(Printed::value(self.syntax.boolean(*value), Class::Boolean))
            }
            Expr::Boolean(value) => Ok(Printed::condition(if *value { "1 = 1" } else { "1 = 0" }.to_owned())),
            Expr::Number(number) => {
                let class = if number.contains(['.', 'e', 'E']) { Class::Exact } else { Class::Integer };
                Ok(Printed::value(number.clone(), class))
            }
            Expr::Text(text) => Ok(Printed::value(self.syntax.text(text), Class::Text)),
            Expr::Column(path) => match (self.scope)(path) {
                Some(column) => {
                    let number_as_text = column.number_as_text;
                    Ok(Printed { number_as_text, ..Printed::value(column.sql, column.class) })
                }
                None => Err(Refusal::of(format!("the name {}", path.join(".")))),
            },
            Expr::Cast(of, name) => self.cast(of, name),
            Expr::Not(of) => {
                let printed = self.print(of)?;
                // Filtered indexes have comparisons only.
                if !self.syntax.has_boolean_values() && !printed.is_condition && printed.class == Class::Boolean {
                    return Ok(Printed::condition(format!("{} = 0", printed.in_parentheses())));
                }
                Ok(Printed::condition(format!("NOT {}", self.as_condition(printed)?.in_parentheses())))
            }
            Expr::Negate(of) => {
                let of = self.operand(of)?;
                if of.class.is_number() && !of.number_as_text {
                    Ok(Printed::compound(format!("- {}", of.sql), of.class))
                } else {
                    Err(Refusal::of("a sign"))
                }
            }
            Expr::Binary(operator, left, right) => self.binary(operator, left, right),
            Expr::And(all) => self.joined(all, " AND "),
            Expr::Or(all) => self.joined(all, " OR "),
            Expr::Is(of, test, negated) => self.is(of, *test, *negated),
            Expr::Distinct(left, right, negated) => {
                let (left, right) = self.comparable(left, right)?;
                let same = self.syntax.same(&left.sql, &right.sql);
                Ok(Printed::condition(if *negated { same } else { format!("NOT ({same})") }))
            }
            Expr::In(of, list, negated) => self.list(of, list, *negated),
            Expr::Case { of, branches, otherwise } => self.case(of.as_deref(), branches, otherwise.as_deref()),
            Expr::Call(name, arguments) => self.call(name, arguments),
            Expr::Extract(field, of) => {
                let of = self.operand(of)?;
                let sql = self.syntax.extract(field, &of).ok_or_else(|| Refusal::of(format!("extract({field})")))?;
                Ok(Printed::value(sql, Class::Integer))
            }
            Expr::Keyword(word) => Err(Refusal::of(word.to_uppercase())),
            Expr::Array(_) => Err(Refusal::of("an array")),
            Expr::AtTimeZone(..) => Err(Refusal::of("AT TIME ZONE")),
        }
    }

    fn joined(&mut self, all: &[Expr], word: &str) -> Result<Printed> {
        let parts: Result<Vec<String>> = all.iter().map(|own| self.condition_operand(own)).collect();
        Ok(Printed::condition(parts?.join(word)))
    }

    fn is(&mut self, of: &Expr, test: Test, negated: bool) -> Result<Printed> {
        let not = if negated { "NOT " } else { "" };
        if test == Test::Null {
            let of = self.operand(of)?;
            return Ok(Printed::condition(format!("{} IS {not}NULL", of.sql)));
        }
        if self.syntax.has_boolean_values() {
            let of = self.condition_operand(of)?;
            let word = if test == Test::True { "TRUE" } else { "FALSE" };
            return Ok(Printed::condition(format!("{of} IS {not}{word}")));
        }
        let condition = self.condition_operand(of)?;
        let condition = if test == Test::True { condition } else { format!("NOT {condition}") };
        let wanted = u8::from(!negated);
        Ok(Printed::condition(format!("CASE WHEN {condition} THEN 1 ELSE 0 END = {wanted}")))
    }

    /// Returns two operands as values that the dialect can compare.
    pub(super) fn comparable(&mut self, left: &Expr, right: &Expr) -> Result<(Argument, Argument)> {
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        if !left.class.is_comparable(right.class) {
            return Err(Refusal::of(format!("a comparison of {:?} and {:?}", left.class, right.class).to_lowercase()));
        }
        if left.class.is_text() {
            self.notes_of_equality();
        }
        Ok((self.as_number(left), self.as_number(right)))
    }

    pub(super) fn notes_of_equality(&mut self) {
        if let Some(note) = self.syntax.text_equality() {
            self.note(note);
        }
    }

    pub(super) fn as_number(&mut self, value: Argument) -> Argument {
        if !value.number_as_text {
            return value;
        }
        self.note(FLOATS);
        Argument { sql: self.syntax.number_of_text(&value.sql), class: Class::Float, number_as_text: false }
    }

    pub(super) fn aggregate(&mut self, name: &str, values: &[Argument]) -> Option<Printed> {
        if !self.aggregates {
            return None;
        }
        if matches!((name, values), ("min" | "max", [of]) if of.class.is_text()) {
            self.note(ORDER_OF_TEXTS);
        }
        match (name, values) {
            ("count", []) => Some(Printed::value(format!("{}(*)", self.syntax.count()), Class::Integer)),
            ("count", [of]) => Some(Printed::value(format!("{}({})", self.syntax.count(), of.sql), Class::Integer)),
            ("sum", [of]) if of.class.is_number() && !of.number_as_text => {
                Some(Printed::value(self.syntax.sum(of), of.class))
            }
            ("min" | "max", [of]) if of.class != Class::Other && of.class != Class::Enum && !of.number_as_text => {
                Some(Printed::value(format!("{}({})", name.to_uppercase(), of.sql), of.class))
            }
            _ => None,
        }
    }
}
