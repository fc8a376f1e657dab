//! Encodes and decodes the values of a Parquet column: maps each kind of value to a physical and a logical type.

use parquet::basic::{LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::Result;
use parquet::schema::types::Type;

use crate::format::Field;
use crate::value::{Kind, Value, decimal_of};

/// Days from 1970-01-01 to 2000-01-01.
const EPOCH_DAYS: i32 = 10_957;
const EPOCH_MICROS: i64 = 946_684_800_000_000;

/// Why a row cannot be written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EncodeError {
    /// The type of this column cannot hold the value: the column must be stored as text.
    Column(usize),
    /// The row is longer as text than the server reads.
    Long,
}

/// Values of one column; NULLs are in `levels` only.
#[derive(Clone, Debug)]
pub struct Column {
    pub(crate) kind: Kind,
    pub(crate) levels: Vec<i16>,
    pub(crate) values: Values,
}

#[derive(Clone, Debug)]
pub(crate) enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes { bytes: Vec<u8>, ends: Vec<usize> },
    Fixed(Vec<u8>),
}

/// Length of UUIDs, and of decimals that do not fit an integer.
pub(crate) const FIXED: usize = 16;

impl Column {
    pub(crate) fn new(kind: Kind) -> Self {
        let values = match physical(kind) {
            Physical::BOOLEAN => Values::Bool(Vec::new()),
            Physical::INT32 => Values::Int32(Vec::new()),
            Physical::INT64 => Values::Int64(Vec::new()),
            Physical::FLOAT => Values::Float(Vec::new()),
            Physical::DOUBLE => Values::Double(Vec::new()),
            Physical::FIXED_LEN_BYTE_ARRAY => Values::Fixed(Vec::new()),
            Physical::BYTE_ARRAY | Physical::INT96 => Values::Bytes { bytes: Vec::new(), ends: Vec::new() },
        };
        Self { kind, levels: Vec::new(), values }
    }

    /// Returns an empty column with the capacity of another.
    pub(crate) fn like(other: &Self) -> Self {
        let values = match &other.values {
            Values::Bool(values) => Values::Bool(Vec::with_capacity(values.len())),
            Values::Int32(values) => Values::Int32(Vec::with_capacity(values.len())),
            Values::Int64(values) => Values::Int64(Vec::with_capacity(values.len())),
            Values::Float(values) => Values::Float(Vec::with_capacity(values.len())),
            Values::Double(values) => Values::Double(Vec::with_capacity(values.len())),
            Values::Bytes { bytes, ends } => {
                Values::Bytes { bytes: with_slack(bytes.len()), ends: Vec::with_capacity(ends.len()) }
            }
            Values::Fixed(bytes) => Values::Fixed(with_slack(bytes.len())),
        };
        Self { kind: other.kind, levels: Vec::with_capacity(other.levels.len()), values }
    }

    /// Reserves capacity for `times` as many values as there are.
    pub(crate) fn reserve(&mut self, times: usize) {
        fn more<T>(values: &mut Vec<T>, times: usize) {
            values.reserve_exact(values.len() * times + values.len() / 16);
        }
        more(&mut self.levels, times);
        match &mut self.values {
            Values::Bool(values) => more(values, times),
            Values::Int32(values) => more(values, times),
            Values::Int64(values) => more(values, times),
            Values::Float(values) => more(values, times),
            Values::Double(values) => more(values, times),
            Values::Bytes { bytes, ends } => {
                more(bytes, times);
                more(ends, times);
            }
            Values::Fixed(bytes) => more(bytes, times),
        }
    }

    pub(crate) fn bytes(&self) -> usize {
        let values = match &self.values {
            Values::Bool(values) => values.len(),
            Values::Int32(values) => 4 * values.len(),
            Values::Int64(values) => 8 * values.len(),
            Values::Float(values) => 4 * values.len(),
            Values::Double(values) => 8 * values.len(),
            Values::Bytes { bytes, ends } => bytes.len() + 8 * ends.len(),
            Values::Fixed(bytes) => bytes.len(),
        };
        values + 2 * self.levels.len()
    }

    pub(crate) fn push(&mut self, value: Value<'_>) -> std::result::Result<(), ()> {
        match (&mut self.values, value) {
            (_, Value::Null) => {
                self.levels.push(0);
                return Ok(());
            }
            (Values::Bool(values), Value::Bool(value)) => values.push(value),
            (Values::Int32(values), Value::Int2(value)) => values.push(value.into()),
            (Values::Int32(values), Value::Int4(value)) => values.push(value),
            (Values::Int32(values), Value::Date(days)) => values.push(unix_days(days).ok_or(())?),
            (Values::Int64(values), Value::Int8(value) | Value::Time(value)) => values.push(value),
            (Values::Int64(values), Value::Timestamp(micros) | Value::Timestamptz(micros)) => {
                values.push(unix_micros(micros).ok_or(())?);
            }
            (Values::Float(values), Value::Float4(value)) => values.push(value),
            (Values::Double(values), Value::Float8(value)) => values.push(value),
            (Values::Fixed(bytes), Value::Uuid(value)) => bytes.extend_from_slice(value),
            (values, Value::Bytes(sent)) if let Kind::Decimal { precision, scale } = self.kind => {
                let value = decimal_of(sent, precision, scale).ok_or(())?;
                match values {
                    Values::Int32(values) => values.push(i32::try_from(value).map_err(drop)?),
                    Values::Int64(values) => values.push(i64::try_from(value).map_err(drop)?),
                    Values::Fixed(bytes) => bytes.extend_from_slice(&value.to_be_bytes()),
                    _ => return Err(()),
                }
            }
            (Values::Bytes { bytes, ends }, Value::Text(value) | Value::Bytes(value)) => {
                bytes.extend_from_slice(value);
                ends.push(bytes.len());
            }
            (Values::Bytes { bytes, ends }, Value::Uuid(_) | Value::Time(_)) => {
                value.write_text(self.kind, bytes);
                ends.push(bytes.len());
            }
            _ => return Err(()),
        }
        self.levels.push(1);
        Ok(())
    }

    /// Returns the values in the order of rows.
    pub(crate) fn values(&self) -> Cursor<'_> {
        Cursor { column: self, row: 0, at: 0 }
    }
}

/// Returns a buffer with some slack: texts of the next group may be a little longer, and would double the buffer.
fn with_slack(length: usize) -> Vec<u8> {
    Vec::with_capacity(length + length / 16)
}

pub(crate) struct Cursor<'a> {
    column: &'a Column,
    row: usize,
    at: usize,
}

impl<'a> Iterator for Cursor<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        let level = *self.column.levels.get(self.row)?;
        self.row += 1;
        if level == 0 {
            return Some(Value::Null);
        }
        let at = self.at;
        self.at += 1;
        let kind = self.column.kind;
        let decimal = matches!(kind, Kind::Decimal { .. });
        Some(match &self.column.values {
            Values::Bool(values) => Value::Bool(*values.get(at)?),
            Values::Int32(values) => {
                let value = *values.get(at)?;
                match kind {
                    Kind::Int2 => Value::Int2(i16::try_from(value).ok()?),
                    Kind::Date => Value::Date(own_days(value)),
                    _ if decimal => Value::Decimal(value.into()),
                    _ => Value::Int4(value),
                }
            }
            Values::Int64(values) => {
                let value = *values.get(at)?;
                match kind {
                    Kind::Time => Value::Time(value),
                    Kind::Timestamp => Value::Timestamp(own_micros(value)),
                    Kind::Timestamptz => Value::Timestamptz(own_micros(value)),
                    _ if decimal => Value::Decimal(value.into()),
                    _ => Value::Int8(value),
                }
            }
            Values::Float(values) => Value::Float4(*values.get(at)?),
            Values::Double(values) => Value::Float8(*values.get(at)?),
            Values::Fixed(bytes) => {
                let value = bytes.get(at * FIXED..(at + 1) * FIXED)?;
                if decimal { Value::Decimal(i128::from_be_bytes(value.try_into().ok()?)) } else { Value::Uuid(value) }
            }
            Values::Bytes { bytes, ends } => {
                let start = if at == 0 { 0 } else { *ends.get(at - 1)? };
                let value = bytes.get(start..*ends.get(at)?)?;
                if kind == Kind::Bytes { Value::Bytes(value) } else { Value::Text(value) }
            }
        })
    }
}

fn physical(kind: Kind) -> Physical {
    match kind {
        Kind::Bool => Physical::BOOLEAN,
        Kind::Int2 | Kind::Int4 | Kind::Date => Physical::INT32,
        Kind::Int8 | Kind::Time | Kind::Timestamp | Kind::Timestamptz => Physical::INT64,
        Kind::Float4 => Physical::FLOAT,
        Kind::Float8 => Physical::DOUBLE,
        Kind::Uuid => Physical::FIXED_LEN_BYTE_ARRAY,
        Kind::Decimal { precision: ..=9, .. } => Physical::INT32,
        Kind::Decimal { precision: ..=18, .. } => Physical::INT64,
        Kind::Decimal { .. } => Physical::FIXED_LEN_BYTE_ARRAY,
        Kind::Text | Kind::UuidText | Kind::TimeText | Kind::Enum | Kind::Number | Kind::Json | Kind::Other => {
            Physical::BYTE_ARRAY
        }
        Kind::Bytes | Kind::Sent => Physical::BYTE_ARRAY,
        // These kinds occur in JSONL only.
        Kind::Document | Kind::Array(_) => Physical::BYTE_ARRAY,
    }
}

/// Returns the column's type in the schema of the file.
pub(crate) fn parquet_type(field: &Field) -> Result<Type> {
    let kind = field.kind;
    let logical = match kind {
        Kind::Bool | Kind::Int4 | Kind::Int8 | Kind::Float4 | Kind::Float8 | Kind::Bytes | Kind::Sent => None,
        Kind::Int2 => Some(LogicalType::integer(16, true)),
        Kind::Text | Kind::UuidText | Kind::TimeText | Kind::Number | Kind::Other => Some(LogicalType::String),
        Kind::Document | Kind::Array(_) => Some(LogicalType::String),
        Kind::Enum => Some(LogicalType::Enum),
        Kind::Json => Some(LogicalType::Json),
        Kind::Date => Some(LogicalType::Date),
        Kind::Time => Some(LogicalType::time(false, TimeUnit::MICROS)),
        Kind::Timestamp => Some(LogicalType::timestamp(false, TimeUnit::MICROS)),
        Kind::Timestamptz => Some(LogicalType::timestamp(true, TimeUnit::MICROS)),
        Kind::Uuid => Some(LogicalType::Uuid),
        Kind::Decimal { precision, scale } => Some(LogicalType::decimal(scale.into(), precision.into())),
    };
    let mut builder = Type::primitive_type_builder(&field.name, physical(kind))
        .with_repetition(Repetition::OPTIONAL)
        .with_id(field.id)
        .with_logical_type(logical);
    if physical(kind) == Physical::FIXED_LEN_BYTE_ARRAY {
        builder = builder.with_length(16);
    }
    if let Kind::Decimal { precision, scale } = kind {
        builder = builder.with_precision(precision.into()).with_scale(scale.into());
    }
    builder.build()
}

/// Returns days since 1970. The infinities have the values that DuckDB uses.
fn unix_days(days: i32) -> Option<i32> {
    match days {
        i32::MAX => Some(i32::MAX),
        i32::MIN => Some(-i32::MAX),
        days => days.checked_add(EPOCH_DAYS),
    }
}

fn own_days(days: i32) -> i32 {
    match days {
        i32::MAX => i32::MAX,
        days if days == -i32::MAX => i32::MIN,
        days => days.wrapping_sub(EPOCH_DAYS),
    }
}

fn unix_micros(micros: i64) -> Option<i64> {
    match micros {
        i64::MAX => Some(i64::MAX),
        i64::MIN => Some(-i64::MAX),
        micros => micros.checked_add(EPOCH_MICROS).filter(|micros| *micros != i64::MAX),
    }
}

fn own_micros(micros: i64) -> i64 {
    match micros {
        i64::MAX => i64::MAX,
        micros if micros == -i64::MAX => i64::MIN,
        micros => micros.wrapping_sub(EPOCH_MICROS),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn back(kind: Kind, values: &[Value<'_>]) -> Vec<String> {
        let mut column = Column::new(kind);
        values.iter().for_each(|value| assert_eq!(column.push(*value), Ok(())));
        column.values().map(|value| format!("{value:?}")).collect()
    }

    #[test]
    fn types_that_readers_reject_are_stored_as_text() {
        let text = |text: &str| format!("{:?}", Value::Text(text.as_bytes()));
        let uuid = "abababab-abab-abab-abab-abababababab";
        assert_eq!(back(Kind::UuidText, &[Value::Uuid(&[0xab; 16]), Value::Null]), [text(uuid), "Null".to_owned()]);
        let times = [Value::Time(0), Value::Time(86_400_000_000), Value::Time(1)];
        assert_eq!(back(Kind::TimeText, &times), ["00:00:00", "24:00:00", "00:00:00.000001"].map(text));
    }

    #[test]
    fn infinities_are_minimum_and_maximum() {
        for days in [i32::MIN, -730_119, 0, i32::MAX] {
            assert_eq!(back(Kind::Date, &[Value::Date(days)]), [format!("{:?}", Value::Date(days))]);
        }
        for micros in [i64::MIN, -63_113_904_000_000_000, 0, i64::MAX] {
            assert_eq!(back(Kind::Timestamp, &[Value::Timestamp(micros)]), [format!("{:?}", Value::Timestamp(micros))]);
        }
        assert_eq!(Column::new(Kind::Timestamp).push(Value::Timestamp(i64::MAX - 1)), Err(()));
    }
}
