//! Defaults of columns: constants, the clock, UUIDs, numbers of sequences, and other expressions.

use crate::data_type::{Base, DataType};

use super::constant::{is_plain, number, text_of};
use super::syntax::Clock;
use super::{Class, Expr, Printer, Refusal, json_of_array};

/// A translated default.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DefaultValue {
    /// NULL, which needs no default.
    Null,
    /// A constant.
    Literal(String),
    /// An expression.
    Expression(String),
}

/// Beyond it, some databases refuse a number of 4 bytes.
const GREATEST_REAL: f64 = 3.402_823e38;

/// Returns the default of a column.
///
/// `text_form` says that the dialect keeps values of the type in PostgreSQL's own text form, `number_as_text` that it
/// keeps numbers as text.
pub(crate) fn default_of(
    printer: &mut Printer<'_, '_>,
    expression: &Expr,
    column: &DataType<'_>,
    text_form: bool,
    number_as_text: bool,
) -> Result<DefaultValue, Refusal> {
    let class = Class::of(column);
    let inner = under_casts(expression);
    if *inner == Expr::Null {
        return Ok(DefaultValue::Null);
    }
    let is_moment = matches!(class, Class::Date | Class::Time | Class::Timestamp | Class::TimestampTz);
    // The text 'now' is the clock only where it becomes a moment.
    if let Some(clock) = clock_of(inner).filter(|_| is_moment || text_of(inner).is_none()) {
        return match printer.syntax.clock(clock, class) {
            Some((sql, note)) => {
                printer.notes.extend(note);
                Ok(DefaultValue::Expression(sql))
            }
            None => Err(Refusal::of("the clock in a column of the type")),
        };
    }
    if let Expr::Call(name, _) = inner
        && (name == "gen_random_uuid" || name.starts_with("uuid_generate_v"))
    {
        let is_random = name == "gen_random_uuid" || name == "uuid_generate_v4";
        printer.notes.extend((!is_random).then_some("the UUID is a random one"));
        return if matches!(class, Class::Uuid | Class::Text) {
            Ok(DefaultValue::Expression(printer.syntax.uuid(class).to_owned()))
        } else {
            Err(Refusal::of("a UUID in a column of the type"))
        };
    }
    if class == Class::Array {
        let json = array(printer, expression, column).ok_or_else(|| Refusal::of("an array"))?;
        return Ok(DefaultValue::Literal(printer.syntax.text(&json)));
    }
    if let Expr::Text(text) = inner {
        match column.base {
            _ if text_form && class == Class::Other => return Ok(DefaultValue::Literal(printer.syntax.text(text))),
            Base::Bit(_) if class == Class::Other && text.bytes().all(|byte| matches!(byte, b'0' | b'1')) => {
                return Ok(DefaultValue::Literal(format!("b'{text}'")));
            }
            Base::Hstore if text.is_empty() => return Ok(DefaultValue::Literal(printer.syntax.text("{}"))),
            Base::Money => {
                let plain: String = text.chars().filter(|c| !matches!(c, '$' | ',')).collect();
                let plain = number(&plain).ok_or_else(|| Refusal::of("an amount of money"))?;
                let sql = if number_as_text { printer.syntax.text(plain) } else { plain.to_owned() };
                return Ok(DefaultValue::Literal(sql));
            }
            _ => {}
        }
    }
    if number_as_text {
        let plain = match inner {
            Expr::Number(text) | Expr::Text(text) => number(text),
            _ => None,
        };
        let plain = plain.and_then(|text| scaled(text, &column.base));
        let plain = plain.ok_or_else(|| Refusal::of("an expression of exact numbers"))?;
        return Ok(DefaultValue::Literal(printer.syntax.text(&plain)));
    }
    if let (Class::Float, Expr::Number(text) | Expr::Text(text)) = (class, inner)
        && let Some(plain) = number(text)
        && casts_keep(printer, expression, column)
        && (column.base != Base::Real || plain.parse::<f64>().is_ok_and(|own| own.abs() < GREATEST_REAL))
    {
        return Ok(DefaultValue::Literal(plain.to_owned()));
    }
    // A default has the type of its column: a cast to it does nothing.
    let (sql, own) = match (inner, printer.value(expression)) {
        (Expr::Text(text), Err(refusal)) if class.is_text() => {
            let _ = refusal;
            (printer.syntax.text(text), class)
        }
        (_, printed) => printed?,
    };
    let fits = own == class || (own.is_number() && class.is_number()) || (own.is_text() && class.is_text());
    let is_json = text_of(inner).is_some() && class == Class::Json;
    if !fits && !is_json {
        return Err(Refusal::of("a value of another type"));
    }
    let is_constant = matches!(inner, Expr::Text(_) | Expr::Number(_) | Expr::Boolean(_));
    let is_literal = is_constant && !sql.starts_with("CAST(");
    // Where conditions are not values, a boolean is printed as one bit.
    let sql = match inner {
        Expr::Boolean(value) => printer.syntax.boolean(*value).to_owned(),
        Expr::Text(text) if class == Class::Boolean => {
            printer.syntax.boolean(matches!(text.as_str(), "t" | "true")).to_owned()
        }
        _ => sql,
    };
    Ok(if is_literal { DefaultValue::Literal(sql) } else { DefaultValue::Expression(sql) })
}

/// Returns a number with as many places as its type has: PostgreSQL prints 0 as 0.00.
fn scaled(text: &str, base: &Base<'_>) -> Option<String> {
    let Base::Numeric(Some((_, scale))) = base else { return Some(text.to_owned()) };
    let scale = usize::try_from(*scale).ok()?;
    let (whole, places) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = whole.trim_start_matches('-').bytes().chain(places.bytes()).all(|byte| byte.is_ascii_digit());
    if !is_plain || places.len() > scale {
        return None;
    }
    Some(if scale == 0 { whole.to_owned() } else { format!("{whole}.{places:0<scale$}") })
}

/// Returns whether all casts of a constant are to floating point numbers no shorter than the column's, or to numeric.
fn casts_keep(printer: &Printer<'_, '_>, expression: &Expr, column: &DataType<'_>) -> bool {
    let mut inner = expression;
    while let Expr::Cast(of, name) = inner {
        let base = printer.data_type(name).base;
        if base != Base::Double && base != Base::Numeric(None) && base != column.base {
            return false;
        }
        inner = of;
    }
    true
}

fn under_casts(expression: &Expr) -> &Expr {
    let mut inner = expression;
    while let Expr::Cast(of, _) = inner {
        inner = of;
    }
    inner
}

fn clock_of(expression: &Expr) -> Option<Clock> {
    const NOW: [&str; 4] = ["now", "clock_timestamp", "statement_timestamp", "transaction_timestamp"];
    match expression {
        Expr::Call(name, arguments) if arguments.is_empty() && NOW.contains(&name.as_str()) => Some(Clock::Now),
        Expr::Keyword(word) => match word.as_str() {
            "current_timestamp" | "localtimestamp" => Some(Clock::Now),
            "current_date" => Some(Clock::Today),
            "current_time" | "localtime" => Some(Clock::TimeOfDay),
            _ => None,
        },
        Expr::Text(text) if text == "now" => Some(Clock::Now),
        Expr::AtTimeZone(of, zone) => at_utc(zone, of),
        Expr::Call(name, arguments) if name == "timezone" => match arguments.as_slice() {
            [zone, of] => at_utc(zone, of),
            _ => None,
        },
        _ => None,
    }
}

fn at_utc(zone: &Expr, of: &Expr) -> Option<Clock> {
    let zone = text_of(zone)?;
    let is_utc = zone.eq_ignore_ascii_case("utc") || zone.eq_ignore_ascii_case("gmt");
    (is_utc && clock_of(under_casts(of)) == Some(Clock::Now)).then_some(Clock::NowUtc)
}

/// Returns an array of constants as JSON.
fn array(printer: &Printer<'_, '_>, expression: &Expr, column: &DataType<'_>) -> Option<String> {
    match expression {
        Expr::Cast(of, name) => match &**of {
            Expr::Text(text) => json_of_array(text, is_plain(&printer.data_type(name))),
            of => array(printer, of, column),
        },
        Expr::Text(text) => json_of_array(text, is_plain(column)),
        Expr::Array(list) => {
            let element = |own: &Expr| match under_casts(own) {
                Expr::Null => Some(serde_json::Value::Null),
                Expr::Text(text) => Some(serde_json::Value::String(text.clone())),
                Expr::Number(text) => text.parse::<i64>().ok().map(serde_json::Value::from),
                Expr::Boolean(value) => Some(serde_json::Value::Bool(*value)),
                _ => None,
            };
            let all: Option<Vec<serde_json::Value>> = list.iter().map(element).collect();
            all.map(|all| serde_json::Value::Array(all).to_string())
        }
        _ => None,
    }
}
