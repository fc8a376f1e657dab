//! Prints constants and casts.

use crate::data_type::{Base, DataType};

use super::print::{Printed, Printer, Result};
use super::syntax::Argument;
use super::tree::Expr;
use super::{Class, Refusal, json_of_array};

impl Printer<'_, '_> {
    pub(super) fn cast(&mut self, of: &Expr, name: &str) -> Result<Printed> {
        let to = self.data_type(name);
        let class = Class::of(&to);
        let refusal = || Refusal::of(format!("the cast to {name}"));
        match of {
            Expr::Null => return Ok(Printed::value("NULL", Class::Null)),
            Expr::Text(text) => {
                return self.literal(text, &to).ok_or_else(|| Refusal::of(format!("a value of {name}")));
            }
            Expr::Number(number) if class.is_number() => {
                return if is_kept(number, &to) { Ok(Printed::value(number.clone(), class)) } else { Err(refusal()) };
            }
            Expr::Number(number) if class == Class::Text => {
                return Ok(Printed::value(self.syntax.text(number), Class::Text));
            }
            _ => {}
        }
        let printed = self.whole_value(of)?;
        if let Expr::Cast(inner, _) = of
            && let Some(text) = text_of(inner)
            && printed.class.is_text()
            && class.is_text()
            && is_kept(text, &to)
        {
            return Ok(Printed { class, ..printed });
        }
        // Explicit casts to a length cut; those to a scale round.
        let is_exact = matches!(
            to.base,
            Base::Varchar(None)
                | Base::Text
                | Base::Name
                | Base::Enum(_)
                | Base::Citext
                | Base::Numeric(None)
                | Base::Double
                | Base::Time(None)
                | Base::Timestamp(None)
                | Base::TimestampTz(None)
        ) || matches!(
            class,
            Class::Integer | Class::Boolean | Class::Date | Class::Uuid | Class::Bytes | Class::Json
        );
        let keeps = match (printed.class, class) {
            (Class::Null, _) => true,
            (Class::Integer, Class::Exact) => is_exact,
            (from, to) if from.is_text() && to.is_text() => is_exact,
            (from, to) => is_exact && from == to && from != Class::Other && from != Class::Array,
        };
        if keeps {
            return Ok(Printed { class, ..printed });
        }
        let (from, number_as_text) = (printed.class, printed.number_as_text);
        let argument = Argument { sql: printed.in_parentheses(), class: from, number_as_text };
        let sql = self.syntax.cast(&argument, &to).filter(|_| is_exact).ok_or_else(refusal)?;
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
            Class::Integer | Class::Exact | Class::Float => number(text).filter(|text| is_kept(text, to))?.to_owned(),
            Class::Text | Class::Enum | Class::Json => self.syntax.text(Some(text).filter(|text| is_kept(text, to))?),
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

/// Returns whether a cast to the type keeps a constant: it is not cut, and not rounded.
fn is_kept(text: &str, to: &DataType<'_>) -> bool {
    let places = || text.split_once('.').map_or(0, |(_, places)| places.len());
    let has_exponent = || text.contains(['e', 'E']);
    match to.base {
        Base::Varchar(Some(length)) | Base::Char(length) => text.chars().count() <= length as usize,
        Base::Byte => text.chars().count() <= 1,
        Base::Smallint | Base::Integer | Base::Bigint => places() == 0 && !has_exponent(),
        Base::Numeric(Some((_, scale))) => {
            !has_exponent() && usize::try_from(scale).is_ok_and(|scale| places() <= scale)
        }
        _ => true,
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
