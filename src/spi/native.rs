//! Decodes values from the server's internal representation for archives, without calling the server if possible.

use std::ffi::{c_char, c_int};

use pgmeta_archive::value::Value;
use pgmeta_archive::{jsonb, numeric};
use pgrx::pg_sys;
use pgrx::varlena::{varatt_is_1b_e, varatt_is_4b_c, varlena_to_byte_slice};

use crate::spi::Tuple;

/// The transport of values whose types are not the same in all databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// The internal representation, for types with a [`Value`].
    Kept,
    /// The text of the type's output function.
    Text,
    /// The bytes of the type's send function.
    Sent,
}

unsafe extern "C" {
    // Prints the server's own digits: other algorithms may choose different ones of equal length.
    fn double_to_shortest_decimal_buf(value: f64, text: *mut c_char) -> c_int;
    fn float_to_shortest_decimal_buf(value: f32, text: *mut c_char) -> c_int;
}

/// The server's buffer size for both types, including NUL.
const LONGEST_DIGITS: usize = 25;

/// Calls `print` with the buffer, and returns the digits that it printed.
fn digits(buffer: &mut Vec<u8>, print: impl FnOnce(*mut c_char) -> c_int) -> Value<'_> {
    buffer.clear();
    buffer.resize(LONGEST_DIGITS, 0);
    let length = print(buffer.as_mut_ptr().cast());
    buffer.truncate(usize::try_from(length).unwrap_or(0));
    Value::Text(buffer)
}

impl<'a> Tuple<'a> {
    /// Returns the value of a column; `None` if its type has no such representation. Printed text is written into the
    /// buffer.
    pub fn value<'b>(&self, at: usize, shape: Shape, buffer: &'b mut Vec<u8>) -> Option<Value<'b>>
    where
        'a: 'b,
    {
        if self.nulls[at] {
            return Some(Value::Null);
        }
        let datum = self.values[at];
        // SAFETY: value and type are from the same tuple descriptor; the arms follow the types' representations.
        Some(unsafe {
            match self.types[at] {
                // By OID: a name could find a function that a user created for the same type.
                of if shape == Shape::Sent && of != pg_sys::NUMERICOID => {
                    let (mut function, mut varlena) = (pg_sys::InvalidOid, false);
                    pg_sys::getTypeBinaryOutputInfo(of, &raw mut function, &raw mut varlena);
                    let sent = pg_sys::OidSendFunctionCall(function, datum);
                    buffer.clear();
                    buffer.extend_from_slice(varlena_to_byte_slice(sent.cast()));
                    Value::Bytes(buffer)
                }
                pg_sys::FLOAT4OID if shape == Shape::Text => {
                    let value = f32::from_bits(datum.value() as u32);
                    digits(buffer, |text| float_to_shortest_decimal_buf(value, text))
                }
                pg_sys::FLOAT8OID if shape == Shape::Text => {
                    let value = f64::from_bits(datum.value() as u64);
                    digits(buffer, |text| double_to_shortest_decimal_buf(value, text))
                }
                pg_sys::NUMERICOID => {
                    buffer.clear();
                    match shape {
                        Shape::Sent => numeric::write_sent(bytes(datum), buffer).map(|()| Value::Bytes(buffer))?,
                        _ => numeric::write_text(bytes(datum), buffer).map(|()| Value::Text(buffer))?,
                    }
                }
                pg_sys::JSONBOID => {
                    buffer.clear();
                    jsonb::write_text(bytes(datum), buffer).map(|()| Value::Text(buffer))?
                }
                pg_sys::BOOLOID => Value::Bool(datum.value() != 0),
                pg_sys::INT2OID => Value::Int2(datum.value() as i16),
                pg_sys::INT4OID => Value::Int4(datum.value() as i32),
                pg_sys::INT8OID => Value::Int8(datum.value() as i64),
                pg_sys::FLOAT4OID => Value::Float4(f32::from_bits(datum.value() as u32)),
                pg_sys::FLOAT8OID => Value::Float8(f64::from_bits(datum.value() as u64)),
                pg_sys::DATEOID => Value::Date(datum.value() as i32),
                pg_sys::TIMEOID => Value::Time(datum.value() as i64),
                pg_sys::TIMESTAMPOID => Value::Timestamp(datum.value() as i64),
                pg_sys::TIMESTAMPTZOID => Value::Timestamptz(datum.value() as i64),
                pg_sys::UUIDOID => Value::Uuid(std::slice::from_raw_parts(datum.cast_mut_ptr(), 16)),
                pg_sys::TEXTOID | pg_sys::VARCHAROID | pg_sys::BPCHAROID | pg_sys::JSONOID => Value::Text(bytes(datum)),
                pg_sys::BYTEAOID => Value::Bytes(bytes(datum)),
                _ => return None,
            }
        })
    }
}

/// # Safety
/// `datum` must be of variable length; the result points into it or into the current memory context.
pub(super) unsafe fn bytes<'a>(datum: pg_sys::Datum) -> &'a [u8] {
    // SAFETY: a packed varlena has one of the two headers that `varlena_to_byte_slice` supports.
    unsafe {
        let mut packed: *mut pg_sys::varlena = datum.cast_mut_ptr();
        // Guarded calls into the server cost more than copying a short text.
        if varatt_is_1b_e(packed) || varatt_is_4b_c(packed) {
            packed = pg_sys::pg_detoast_datum_packed(packed);
        }
        varlena_to_byte_slice(packed)
    }
}
