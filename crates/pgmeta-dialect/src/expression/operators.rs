//! Prints operators, lists, CASE and calls of functions.

use super::constant::text_of;
use super::print::{ORDER_OF_TEXTS, Printed, Printer, Result};
use super::regex::portable;
use super::syntax::Argument;
use super::tree::Expr;
use super::{Class, Refusal};

impl Printer<'_, '_> {
    pub(super) fn binary(&mut self, operator: &str, left: &Expr, right: &Expr) -> Result<Printed> {
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
            "~" | "!~" => {
                let value = self.operand(left)?;
                let pattern = text_of(right).filter(|_| value.class.is_text()).and_then(portable);
                let regex = pattern.and_then(|own| self.syntax.regex(&value.sql, &own, operator == "!~"));
                regex.map(Printed::condition).ok_or_else(|| Refusal::of("the regular expression"))
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

    pub(super) fn list(&mut self, of: &Expr, list: &[Expr], negated: bool) -> Result<Printed> {
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

    pub(super) fn case(
        &mut self,
        of: Option<&Expr>,
        branches: &[(Expr, Expr)],
        otherwise: Option<&Expr>,
    ) -> Result<Printed> {
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
            self.spend(&when)?;
            sql += &format!(" WHEN {when} THEN {}", then.sql);
        }
        if let Some(otherwise) = otherwise {
            let otherwise = self.operand(otherwise)?;
            same_class(&otherwise)?;
            sql += &format!(" ELSE {}", otherwise.sql);
        }
        Ok(Printed::value(sql + " END", class))
    }

    pub(super) fn call(&mut self, name: &str, arguments: &[Expr]) -> Result<Printed> {
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
}
