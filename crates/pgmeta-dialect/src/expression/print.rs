//! Prints an expression in a dialect. Refuses what has no certain translation; notes where a translation differs.

use pgmeta_core::interrupt::check;
use pgmeta_core::model::ModelIndex;

use crate::data_type::{Base, DataType};

use super::syntax::{Argument, Syntax};
use super::tree::{Expr, Test};
use super::{Class, Refusal, json_of_array};

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
}

/// A printed part.
struct Printed {
    sql: String,
    class: Class,
    /// Whether it is a condition, which not every dialect takes for a value.
    is_condition: bool,
    /// Whether an operator before or after it would take it apart.
    is_compound: bool,
    number_as_text: bool,
}

impl Printed {
    fn value(sql: impl Into<String>, class: Class) -> Self {
        Self { sql: sql.into(), class, is_condition: false, is_compound: false, number_as_text: false }
    }

    fn compound(sql: String, class: Class) -> Self {
        Self { is_compound: true, ..Self::value(sql, class) }
    }

    fn condition(sql: String) -> Self {
        Self { is_condition: true, ..Self::compound(sql, Class::Boolean) }
    }

    fn in_parentheses(self) -> String {
        if self.is_compound { format!("({})", self.sql) } else { self.sql }
    }
}

type Result<T> = std::result::Result<T, Refusal>;

const ORDER_OF_TEXTS: &str = "texts are ordered by code points";
const FLOATS: &str = "exact numbers are compared as floating point numbers";

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

    fn note(&mut self, note: &'static str) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }

    fn whole_condition(&mut self, expression: &Expr) -> Result<Printed> {
        let printed = self.print(expression)?;
        match printed.class {
            _ if printed.is_condition || self.syntax.has_boolean_values() => Ok(printed),
            Class::Boolean => Ok(Printed::condition(format!("{} = 1", printed.in_parentheses()))),
            _ => Err(Refusal::of("a condition that is not boolean")),
        }
    }

    fn whole_value(&mut self, expression: &Expr) -> Result<Printed> {
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

    fn operand(&mut self, expression: &Expr) -> Result<Argument> {
        let printed = self.whole_value(expression)?;
        let (class, number_as_text) = (printed.class, printed.number_as_text);
        Ok(Argument { sql: printed.in_parentheses(), class, number_as_text })
    }

    fn condition_operand(&mut self, expression: &Expr) -> Result<String> {
        self.whole_condition(expression).map(Printed::in_parentheses)
    }

    fn print(&mut self, expression: &Expr) -> Result<Printed> {
        check();
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
                Ok(Printed::condition(format!("NOT {}", self.condition_operand(of)?)))
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
    fn comparable(&mut self, left: &Expr, right: &Expr) -> Result<(Argument, Argument)> {
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        if !left.class.is_comparable(right.class) {
            return Err(Refusal::of(format!("a comparison of {:?} and {:?}", left.class, right.class).to_lowercase()));
        }
        if left.class.is_text() {
            self.notes_of_equality();
        }
        Ok((self.as_number(left), self.as_number(right)))
    }

    fn notes_of_equality(&mut self) {
        if let Some(note) = self.syntax.text_equality() {
            self.note(note);
        }
    }

    fn as_number(&mut self, value: Argument) -> Argument {
        if !value.number_as_text {
            return value;
        }
        self.note(FLOATS);
        Argument { sql: self.syntax.number_of_text(&value.sql), class: Class::Float, number_as_text: false }
    }

    fn binary(&mut self, operator: &str, left: &Expr, right: &Expr) -> Result<Printed> {
        match operator {
            "=" | "<>" | "!=" => {
                let (left, right) = self.comparable(left, right)?;
                let operator = if operator == "=" { "=" } else { "<>" };
                Ok(Printed::condition(format!("{} {operator} {}", left.sql, right.sql)))
            }
            "<" | ">" | "<=" | ">=" => {
                let (left, right) = self.comparable(left, right)?;
                match left.class {
                    Class::Enum | Class::Uuid | Class::Boolean => {
                        return Err(Refusal::of(format!("the order of values ({operator})")));
                    }
                    Class::Text => self.note(ORDER_OF_TEXTS),
                    _ => {}
                }
                Ok(Printed::condition(format!("{} {operator} {}", left.sql, right.sql)))
            }
            "+" | "-" | "*" | "/" | "%" => self.arithmetic(operator, left, right),
            "||" => {
                let mut parts = Vec::new();
                for part in [left, right] {
                    let part = self.operand(part)?;
                    if !part.class.is_text() {
                        return Err(Refusal::of("|| of values other than texts"));
                    }
                    parts.push(part.sql);
                }
                Ok(Printed::compound(self.syntax.concat(&parts), Class::Text))
            }
            "~~" | "!~~" => {
                let value = self.operand(left)?;
                let pattern = text_of(right).filter(|_| value.class.is_text());
                let pattern = pattern.ok_or_else(|| Refusal::of("LIKE with a pattern that is not constant"))?;
                let like = self.syntax.like(&value.sql, pattern, operator == "!~~");
                like.map(Printed::condition).ok_or_else(|| Refusal::of("the pattern of LIKE"))
            }
            "->>" => {
                let (of, key) = (self.operand(left)?, text_of(right));
                let key = key.filter(|_| of.class == Class::Json);
                let sql = key.and_then(|key| self.syntax.json_text(&of.sql, key));
                self.note("numbers and booleans in JSON are not texts");
                sql.map(|sql| Printed::compound(sql, Class::Text)).ok_or_else(|| Refusal::of("the operator ->>"))
            }
            _ => Err(Refusal::of(format!("the operator {operator}"))),
        }
    }

    fn arithmetic(&mut self, operator: &str, left: &Expr, right: &Expr) -> Result<Printed> {
        let (left, right) = (self.operand(left)?, self.operand(right)?);
        if !left.class.is_number() || !right.class.is_number() {
            return Err(Refusal::of(format!("{operator} of values other than numbers")));
        }
        if left.number_as_text || right.number_as_text {
            return Err(Refusal::of("arithmetic with exact numbers"));
        }
        let class = match (left.class, right.class) {
            (Class::Float, _) | (_, Class::Float) => Class::Float,
            (Class::Exact, _) | (_, Class::Exact) => Class::Exact,
            _ => Class::Integer,
        };
        let sql = match (operator, class) {
            ("/" | "%", Class::Exact) => return Err(Refusal::of("the division of exact numbers")),
            ("%", Class::Float) => return Err(Refusal::of("the operator %")),
            ("/", Class::Integer) => self.syntax.divide(&left.sql, &right.sql),
            _ => format!("{} {operator} {}", left.sql, right.sql),
        };
        Ok(Printed::compound(sql, class))
    }

    fn list(&mut self, of: &Expr, list: &[Expr], negated: bool) -> Result<Printed> {
        let of = self.operand(of)?;
        if of.class.is_text() {
            self.notes_of_equality();
        }
        let of = self.as_number(of);
        let mut elements = Vec::new();
        for element in list {
            let element = self.operand(element)?;
            if element.class == Class::Null || !of.class.is_comparable(element.class) {
                return Err(Refusal::of("a list of values of several types"));
            }
            elements.push(self.as_number(element).sql);
        }
        if elements.is_empty() {
            return Err(Refusal::of("an empty list"));
        }
        let not = if negated { "NOT " } else { "" };
        Ok(Printed::condition(format!("{} {not}IN ({})", of.sql, elements.join(", "))))
    }

    fn case(&mut self, of: Option<&Expr>, branches: &[(Expr, Expr)], otherwise: Option<&Expr>) -> Result<Printed> {
        let mut sql = "CASE".to_owned();
        let mut class = Class::Null;
        let mut same_class = |own: &Argument| {
            let fits = own.class == Class::Null || class == Class::Null || class == own.class;
            class = if class == Class::Null { own.class } else { class };
            if fits && !own.number_as_text { Ok(()) } else { Err(Refusal::of("CASE with values of several types")) }
        };
        for (when, then) in branches {
            let when = match of {
                Some(of) => {
                    let (of, when) = self.comparable(of, when)?;
                    format!("{} = {}", of.sql, when.sql)
                }
                None => self.condition(when)?,
            };
            let then = self.operand(then)?;
            same_class(&then)?;
            sql += &format!(" WHEN {when} THEN {}", then.sql);
        }
        if let Some(otherwise) = otherwise {
            let otherwise = self.operand(otherwise)?;
            same_class(&otherwise)?;
            sql += &format!(" ELSE {}", otherwise.sql);
        }
        Ok(Printed::value(sql + " END", class))
    }

    fn call(&mut self, name: &str, arguments: &[Expr]) -> Result<Printed> {
        if matches!(name, "num_nulls" | "num_nonnulls") {
            let (null, other) = if name == "num_nulls" { (1, 0) } else { (0, 1) };
            let mut parts = Vec::new();
            for own in arguments {
                parts.push(format!("CASE WHEN {} IS NULL THEN {null} ELSE {other} END", self.operand(own)?.sql));
            }
            return Ok(Printed::compound(parts.join(" + "), Class::Integer));
        }
        if matches!(name, "nextval" | "currval" | "setval") {
            return Err(Refusal::of(format!("the function {name}()")));
        }
        if let ("date_part", [field, of]) = (name, arguments)
            && let Some(field) = text_of(field)
        {
            return self.print(&Expr::Extract(field.to_ascii_lowercase(), Box::new(of.clone())));
        }
        let values: Result<Vec<Argument>> = arguments.iter().map(|own| self.operand(own)).collect();
        let values = values?;
        let refusal = || Refusal::of(format!("the function {name}()"));
        if let Some(printed) = self.aggregate(name, &values) {
            return Ok(printed);
        }
        let texts = || values.iter().map(|own| own.sql.as_str()).collect::<Vec<_>>().join(", ");
        match (name, values.as_slice()) {
            ("coalesce" | "nullif", [first, rest @ ..]) if !rest.is_empty() => {
                let class = values.iter().map(|own| own.class).find(|class| *class != Class::Null);
                let class = class.unwrap_or(first.class);
                let fits = |own: &Argument| {
                    own.class == Class::Null || own.class == class || (own.class.is_text() && class.is_text())
                };
                let uneven = values.iter().any(|own| own.number_as_text != first.number_as_text);
                if !values.iter().all(fits) || uneven {
                    return Err(Refusal::of(format!("{name}() of values of several types")));
                }
                let sql = format!("{}({})", name.to_uppercase(), texts());
                Ok(Printed { number_as_text: first.number_as_text, ..Printed::value(sql, class) })
            }
            ("abs", [of]) if of.class.is_number() && !of.number_as_text => {
                Ok(Printed::value(format!("ABS({})", of.sql), of.class))
            }
            ("length" | "char_length" | "character_length", [of]) if of.class.is_text() => {
                Ok(Printed::value(self.syntax.length(&of.sql), Class::Integer))
            }
            _ => {
                let call = self.syntax.call(name, &values).ok_or_else(refusal)?;
                if let Some(note) = call.note {
                    self.note(note);
                }
                Ok(Printed::value(call.sql, call.class))
            }
        }
    }

    fn aggregate(&self, name: &str, values: &[Argument]) -> Option<Printed> {
        if !self.aggregates {
            return None;
        }
        match (name, values) {
            ("count", []) => Some(Printed::value("COUNT(*)", Class::Integer)),
            ("count", [of]) => Some(Printed::value(format!("COUNT({})", of.sql), Class::Integer)),
            ("min" | "max", [of]) if of.class != Class::Other && of.class != Class::Enum && !of.number_as_text => {
                Some(Printed::value(format!("{}({})", name.to_uppercase(), of.sql), of.class))
            }
            _ => None,
        }
    }

    fn cast(&mut self, of: &Expr, name: &str) -> Result<Printed> {
        let to = self.data_type(name);
        let class = Class::of(&to);
        let refusal = || Refusal::of(format!("the cast to {name}"));
        match of {
            Expr::Null => return Ok(Printed::value("NULL", Class::Null)),
            Expr::Text(text) => {
                return self.literal(text, &to).ok_or_else(|| Refusal::of(format!("a value of {name}")));
            }
            Expr::Number(number) if class.is_number() => return Ok(Printed::value(number.clone(), class)),
            Expr::Number(number) if class == Class::Text => {
                return Ok(Printed::value(self.syntax.text(number), Class::Text));
            }
            _ => {}
        }
        let printed = self.whole_value(of)?;
        if let Expr::Cast(inner, _) = of
            && text_of(inner).is_some()
            && printed.class.is_text()
            && class.is_text()
        {
            return Ok(Printed { class, ..printed });
        }
        // Explicit casts to a length cut; those to a scale round.
        let is_exact = matches!(
            to.base,
            Base::Varchar(None) | Base::Text | Base::Name | Base::Enum(_) | Base::Citext | Base::Numeric(None)
        ) || matches!(class, Class::Integer | Class::Float | Class::Boolean);
        let keeps = match (printed.class, class) {
            (Class::Null, _) => true,
            (Class::Integer, Class::Integer | Class::Exact) | (Class::Exact, Class::Exact) => is_exact,
            (Class::Float, Class::Float) | (Class::Boolean, Class::Boolean) => true,
            (from, to) if from.is_text() && to.is_text() => is_exact,
            (from, to) => from == to && from != Class::Other && from != Class::Array && from != Class::Exact,
        };
        if keeps {
            return Ok(Printed { class, ..printed });
        }
        let (from, number_as_text) = (printed.class, printed.number_as_text);
        let argument = Argument { sql: printed.in_parentheses(), class: from, number_as_text };
        let sql = self.syntax.cast(&argument, &to).filter(|_| is_exact || !class.is_text()).ok_or_else(refusal)?;
        Ok(Printed::value(sql, class))
    }

    /// Returns a constant of a type.
    fn literal(&mut self, text: &str, to: &DataType<'_>) -> Option<Printed> {
        let class = Class::of(to);
        let sql = match class {
            Class::Array => self.syntax.text(&json_of_array(text, is_plain(to))?),
            Class::Boolean => match text {
                "t" | "true" => return self.print(&Expr::Boolean(true)).ok(),
                "f" | "false" => return self.print(&Expr::Boolean(false)).ok(),
                _ => return None,
            },
            Class::Integer | Class::Exact | Class::Float => number(text)?.to_owned(),
            Class::Text | Class::Enum | Class::Json => self.syntax.text(text),
            Class::Uuid => self.syntax.text(&text.to_ascii_lowercase()),
            Class::Bytes => self.syntax.bytes(text.strip_prefix("\\x").filter(|digits| is_hex(digits))?),
            Class::Date | Class::Time | Class::Timestamp | Class::TimestampTz => {
                let is_infinite = self.syntax.has_infinity() && matches!(text, "infinity" | "-infinity");
                self.syntax.moment(class, text).filter(|_| is_infinite || is_moment(text))?
            }
            Class::Null | Class::Other => return None,
        };
        Some(Printed::value(sql, class))
    }
}

/// Returns whether the elements of an array are numbers or booleans in JSON.
pub(super) fn is_plain(data_type: &DataType<'_>) -> bool {
    matches!(data_type.base, Base::Smallint | Base::Integer | Base::Bigint | Base::Boolean)
}

/// Returns the text of a constant, under casts between texts.
pub(super) fn text_of(expression: &Expr) -> Option<&str> {
    match expression {
        Expr::Text(text) => Some(text),
        Expr::Cast(of, name) if matches!(name.as_str(), "text" | "character varying" | "bpchar") => text_of(of),
        _ => None,
    }
}

/// Returns a text that is a plain number.
pub(super) fn number(text: &str) -> Option<&str> {
    let text = text.trim();
    let digits = text.strip_prefix('-').unwrap_or(text);
    let valid = digits.starts_with(|c: char| c.is_ascii_digit())
        && digits.bytes().all(|byte| byte.is_ascii_digit() || b".eE+-".contains(&byte))
        && digits.parse::<f64>().is_ok_and(f64::is_finite);
    valid.then_some(text)
}

fn is_hex(digits: &str) -> bool {
    digits.len().is_multiple_of(2) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// Returns whether a date or time is none of the words (`infinity`), and is within the years 1 to 9999.
pub(super) fn is_moment(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let next = text.as_bytes().get(digits);
    let starts = (digits == 4 && next == Some(&b'-')) || (digits == 2 && next == Some(&b':'));
    starts && text.bytes().all(|byte| byte.is_ascii_digit() || b"-: .+".contains(&byte))
}
