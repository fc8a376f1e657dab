//! Values as the server passes them, printed as PostgreSQL does: as text in the ISO styles and UTC, and as JSON. The text
//! equals the server's byte for byte, except for floating-point numbers, which the server must print.

use std::io::Write;

use serde::{Deserialize, Serialize};

use crate::datetime;
use crate::json::{Element, json_string, write_array, write_document};

/// The value of one column in one row.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    Null,
    Bool(bool),
    Int2(i16),
    Int4(i32),
    Int8(i64),
    Float4(f32),
    Float8(f64),
    /// Text, in the form that its [`Kind`] defines.
    Text(&'a [u8]),
    /// A `bytea`, or the output of a type's send function.
    Bytes(&'a [u8]),
    /// Days since 2000-01-01. The minimum and the maximum are the infinities.
    Date(i32),
    /// Microseconds since midnight.
    Time(i64),
    /// Microseconds since 2000-01-01. The minimum and the maximum are the infinities.
    Timestamp(i64),
    Timestamptz(i64),
    Uuid(&'a [u8]),
    /// A decimal with the scale of its column.
    Decimal(i128),
}

/// The kind of all values of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    Bool,
    Int2,
    Int4,
    Int8,
    Float4,
    Float8,
    Text,
    Bytes,
    Date,
    Time,
    Timestamp,
    Timestamptz,
    Uuid,
    /// Text, if readers of Parquet reject the type.
    UuidText,
    TimeText,
    Enum,
    /// The text of a number, or of NaN and the infinities.
    Number,
    /// Text that is JSON: the values of JSONL version 1.
    Json,
    /// The text of json or jsonb, in JSONL.
    Document,
    /// The text of an array, in JSONL.
    Array(Element),
    /// The text of any other type.
    Other,
    /// The output of the type's send function, for COPY's binary format.
    Sent,
    /// The output of `numeric_send`.
    Decimal {
        precision: u8,
        scale: u8,
    },
}

impl Value<'_> {
    /// Writes the text that the type's output function prints; nothing for NULL.
    pub fn write_text(self, kind: Kind, out: &mut Vec<u8>) {
        match self {
            Value::Null => {}
            Value::Bool(value) => out.push(if value { b't' } else { b'f' }),
            Value::Int2(value) => integer(value, out),
            Value::Int4(value) => integer(value, out),
            Value::Int8(value) => integer(value, out),
            Value::Float4(value) => float(value.is_finite(), &value, value.is_nan(), value > 0.0, out),
            Value::Float8(value) => float(value.is_finite(), &value, value.is_nan(), value > 0.0, out),
            Value::Text(text) => out.extend_from_slice(text),
            Value::Bytes(bytes) => {
                out.extend_from_slice(b"\\x");
                push_hex(bytes, out);
            }
            Value::Date(days) => datetime::write_date(days, out),
            Value::Time(micros) => datetime::write_time(micros, out),
            Value::Timestamp(micros) => datetime::write_timestamp(micros, b' ', b"", out),
            Value::Timestamptz(micros) => datetime::write_timestamp(micros, b' ', b"+00", out),
            Value::Uuid(bytes) => uuid(bytes, out),
            Value::Decimal(value) => decimal(value, kind, out),
        }
    }

    /// Writes the value for JSONL.
    pub fn write_json(self, kind: Kind, out: &mut Vec<u8>) {
        match self {
            Value::Null => out.extend_from_slice(b"null"),
            Value::Bool(value) => out.extend_from_slice(if value { b"true" } else { b"false" }),
            Value::Int2(_) | Value::Int4(_) | Value::Int8(_) => self.write_text(kind, out),
            Value::Text(text) => match kind {
                Kind::Json => out.extend_from_slice(text),
                Kind::Document => write_document(text, out),
                Kind::Array(of) => write_array(text, of, out),
                Kind::Number if text.last().is_some_and(u8::is_ascii_digit) => out.extend_from_slice(text),
                _ => json_string(text, out),
            },
            Value::Timestamp(micros) => quoted(out, |out| datetime::write_timestamp(micros, b'T', b"", out)),
            Value::Timestamptz(micros) => {
                quoted(out, |out| datetime::write_timestamp(micros, b'T', b"+00:00", out));
            }
            Value::Date(_) | Value::Uuid(_) | Value::Time(_) => {
                quoted(out, |out| self.write_text(kind, out));
            }
            Value::Bytes(_) | Value::Decimal(_) | Value::Float4(_) | Value::Float8(_) => {
                let mut text = Vec::new();
                self.write_text(kind, &mut text);
                json_string(&text, out);
            }
        }
    }

    /// Writes the value for COPY's binary format, after its length. A decimal has sixteen bytes.
    pub fn write_binary(self, out: &mut Vec<u8>) {
        let mut put = |bytes: &[u8]| {
            // A value of the server is smaller than 1 GB.
            out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
            out.extend_from_slice(bytes);
        };
        match self {
            Value::Null => out.extend_from_slice(&(-1i32).to_be_bytes()),
            Value::Bool(value) => put(&[u8::from(value)]),
            Value::Int2(value) => put(&value.to_be_bytes()),
            Value::Int4(value) | Value::Date(value) => put(&value.to_be_bytes()),
            Value::Int8(value) | Value::Time(value) | Value::Timestamp(value) | Value::Timestamptz(value) => {
                put(&value.to_be_bytes());
            }
            Value::Float4(value) => put(&value.to_be_bytes()),
            Value::Float8(value) => put(&value.to_be_bytes()),
            Value::Text(bytes) | Value::Bytes(bytes) | Value::Uuid(bytes) => put(bytes),
            Value::Decimal(value) => put(&value.to_be_bytes()),
        }
    }
}

/// Writes a number that reads back equal. Its digits may differ from the server's text: if that matters, the kind is
/// [`Kind::Number`].
fn float(finite: bool, value: &dyn std::fmt::Display, nan: bool, positive: bool, out: &mut Vec<u8>) {
    let _ = match (finite, nan, positive) {
        (true, ..) => write!(out, "{value}"),
        (_, true, _) => write!(out, "NaN"),
        (_, _, true) => write!(out, "Infinity"),
        _ => write!(out, "-Infinity"),
    };
}

fn integer(value: impl itoa::Integer, out: &mut Vec<u8>) {
    out.extend_from_slice(itoa::Buffer::new().format(value).as_bytes());
}

fn uuid(bytes: &[u8], out: &mut Vec<u8>) {
    for (at, byte) in bytes.iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            out.push(b'-');
        }
        push_hex(&[*byte], out);
    }
}

fn push_hex(bytes: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + 2 * bytes.len(), 0);
    // It fails only if the buffer has less than two digits for each byte.
    let _ = base16ct::lower::encode(bytes, &mut out[start..]);
}

fn decimal(value: i128, kind: Kind, out: &mut Vec<u8>) {
    let Kind::Decimal { scale, .. } = kind else { return integer(value, out) };
    let scale = usize::from(scale);
    if value < 0 {
        out.push(b'-');
    }
    let digits = format!("{:0>width$}", value.unsigned_abs(), width = scale + 1);
    let (whole, fraction) = digits.split_at(digits.len() - scale);
    out.extend_from_slice(whole.as_bytes());
    if scale > 0 {
        out.push(b'.');
        out.extend_from_slice(fraction.as_bytes());
    }
}

fn quoted(out: &mut Vec<u8>, write: impl FnOnce(&mut Vec<u8>)) {
    out.push(b'"');
    write(out);
    out.push(b'"');
}

/// Reads the output of `numeric_send` as a decimal with this scale. `None` if it is not a number, or has too many digits.
pub fn decimal_of(sent: &[u8], precision: u8, scale: u8) -> Option<i128> {
    let word = |at: usize| Some(i16::from_be_bytes([*sent.get(2 * at)?, *sent.get(2 * at + 1)?]));
    let (count, weight, sign) = (word(0)?, word(1)?, word(2)?.cast_unsigned());
    let negative = match sign {
        0 => false,
        0x4000 => true,
        _ => return None,
    };
    let mut value: i128 = 0;
    // Digits have base 10,000. The first one is multiplied by 10,000 to the power of the weight.
    let mut power = i32::from(weight);
    for at in 0..count {
        let digit = i128::from(word(4 + usize::try_from(at).ok()?)?);
        let places = 4 * power + i32::from(scale);
        let part = if places >= 0 {
            digit.checked_mul(10i128.checked_pow(places.unsigned_abs())?)?
        } else {
            let divisor = 10i128.checked_pow(places.unsigned_abs())?;
            if digit % divisor != 0 {
                return None;
            }
            digit / divisor
        };
        value = value.checked_add(part)?;
        power -= 1;
    }
    let most = 10i128.checked_pow(u32::from(precision))?;
    (value < most).then_some(if negative { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(value: Value<'_>, kind: Kind) -> String {
        let mut out = Vec::new();
        value.write_text(kind, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    fn json(value: Value<'_>, kind: Kind) -> String {
        let mut out = Vec::new();
        value.write_json(kind, &mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    #[test]
    fn values_are_printed_as_the_server_does() {
        assert_eq!(text(Value::Bool(true), Kind::Bool), "t");
        assert_eq!(text(Value::Bytes(&[0, 255]), Kind::Bytes), "\\x00ff");
        assert_eq!(text(Value::Int8(i64::MIN), Kind::Int8), "-9223372036854775808");
        assert_eq!(json(Value::Bytes(&[1]), Kind::Bytes), "\"\\\\x01\"");
        assert_eq!(json(Value::Text(b"a\"\\\n\x01\x7f\xc3\xa9"), Kind::Text), "\"a\\\"\\\\\\n\\u0001\x7fé\"");
        assert_eq!(json(Value::Text(b"1.50"), Kind::Number), "1.50");
        assert_eq!(json(Value::Text(b"NaN"), Kind::Number), "\"NaN\"");
        assert_eq!(json(Value::Text(b"{}"), Kind::Json), "{}");
        assert_eq!(json(Value::Float8(f64::NAN), Kind::Float8), "\"NaN\"");
        assert_eq!(text(Value::Float4(f32::NEG_INFINITY), Kind::Float4), "-Infinity");
        assert_eq!(text(Value::Float8(0.1), Kind::Float8), "0.1");
        assert_eq!(json(Value::Timestamptz(0), Kind::Timestamptz), "\"2000-01-01T00:00:00+00:00\"");
        assert_eq!(text(Value::Uuid(&[0xab; 16]), Kind::Uuid), "abababab-abab-abab-abab-abababababab");
    }

    #[test]
    fn decimals_are_exact() {
        let sent = |digits: &[i16], weight: i16, sign: u16| {
            let head = [i16::try_from(digits.len()).unwrap_or(0), weight, sign.cast_signed(), 0];
            head.iter().chain(digits).flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>()
        };
        // 12345.67 is 1 2345 6700.
        let value = sent(&[1, 2345, 6700], 1, 0x4000);
        assert_eq!(decimal_of(&value, 12, 2), Some(-1_234_567));
        assert_eq!(decimal_of(&value, 12, 1), None);
        assert_eq!(decimal_of(&value, 6, 2), None);
        assert_eq!(decimal_of(&sent(&[], 0, 0), 5, 2), Some(0));
        assert_eq!(decimal_of(&sent(&[], 0, 0xC000), 5, 2), None);
        let kind = Kind::Decimal { precision: 5, scale: 2 };
        assert_eq!(text(Value::Decimal(-5), kind), "-0.05");
        assert_eq!(text(Value::Decimal(12_345), kind), "123.45");
        assert_eq!(text(Value::Decimal(7), Kind::Decimal { precision: 3, scale: 0 }), "7");
    }
}
