//! The formats of data files: encodes a row as a record, and finds the end of a record.

use std::io::{self, Write};

use memchr::{memchr, memchr2};
use serde::{Deserialize, Serialize};

use crate::json::json_string;
use crate::value::{Kind, Value};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// One JSON object with the columns of a row on each line. See [`crate::jsonl`].
    #[default]
    Jsonl,
    /// The output of COPY with FORMAT csv, without a header.
    Csv,
    Parquet,
    /// The output of COPY with FORMAT binary.
    Binary,
}

/// A column of a data file.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: String,
    pub kind: Kind,
    /// The type's name as the server prints it.
    pub data_type: String,
    /// The field ID in the Parquet schema.
    pub id: Option<i32>,
    /// The text before the value in a line of JSON.
    key: Vec<u8>,
}

impl Field {
    pub fn new(name: &str, kind: Kind, data_type: &str) -> Self {
        let mut key = Vec::new();
        json_string(name.as_bytes(), &mut key);
        key.push(b':');
        Self { name: name.to_owned(), kind, data_type: data_type.to_owned(), id: None, key }
    }

    /// Sets the field ID. It stays when the column is renamed.
    pub fn with_id(self, id: i32) -> Self {
        Self { id: Some(id), ..self }
    }

    pub(crate) fn key(&self) -> &[u8] {
        &self.key
    }
}

impl Format {
    pub fn extension(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
            Format::Parquet => "parquet",
            Format::Binary => "bin",
        }
    }

    /// Returns whether a file is a stream of records that a codec compresses; Parquet compresses by itself.
    pub fn is_stream(self) -> bool {
        self != Format::Parquet
    }

    /// Returns the header and the trailer of a stream.
    pub(crate) fn frame(self) -> (&'static [u8], &'static [u8]) {
        match self {
            Format::Binary => (b"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", b"\xff\xff"),
            Format::Jsonl | Format::Csv | Format::Parquet => (b"", b""),
        }
    }

    /// Appends a record. Parquet has no records: its rows are encoded for the digest only.
    pub fn encode(self, fields: &[Field], values: &[Value<'_>], out: &mut Vec<u8>) {
        match self {
            Format::Jsonl => {
                out.push(b'{');
                for (at, (field, value)) in fields.iter().zip(values).enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    out.extend_from_slice(&field.key);
                    value.write_json(field.kind, out);
                }
                out.extend_from_slice(b"}\n");
            }
            Format::Csv => {
                for (at, (field, value)) in fields.iter().zip(values).enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    match value {
                        Value::Text(text) => csv_value(text, fields.len() == 1, out),
                        value => value.write_text(field.kind, out),
                    }
                }
                out.push(b'\n');
            }
            Format::Binary | Format::Parquet => {
                out.extend_from_slice(&u16::try_from(values.len()).unwrap_or(u16::MAX).to_be_bytes());
                values.iter().for_each(|value| value.write_binary(out));
            }
        }
    }

    /// Returns the length of the first record; `None` if it is incomplete. `ended`: no more bytes follow.
    pub fn record(self, bytes: &[u8], ended: bool) -> Option<usize> {
        match self {
            Format::Jsonl => {
                // Only a newline between `}` and `{` ends a record: strings have no newlines, and a json value never has
                // `}` before `{` across one.
                let mut from = 0;
                loop {
                    let at = from + memchr(b'\n', &bytes[from..])?;
                    let follows = bytes.get(at + 1).map_or(ended, |&byte| byte == b'{');
                    if at > 0 && bytes[at - 1] == b'}' && follows {
                        return Some(at + 1);
                    }
                    from = at + 1;
                }
            }
            Format::Csv => {
                let (mut from, mut quoted) = (0, false);
                loop {
                    let at = from + memchr2(b'"', b'\n', &bytes[from..])?;
                    match bytes[at] {
                        b'"' => quoted = !quoted,
                        _ if !quoted => return Some(at + 1),
                        _ => {}
                    }
                    from = at + 1;
                }
            }
            Format::Binary | Format::Parquet => {
                let word = |at: usize| Some(i16::from_be_bytes(bytes.get(at..at + 2)?.try_into().ok()?));
                let long = |at: usize| Some(i32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
                let mut at = 2;
                for _ in 0..word(0)?.max(0) {
                    at += 4 + usize::try_from(long(at)?).unwrap_or(0);
                }
                (at <= bytes.len()).then_some(at)
            }
        }
    }
}

/// Writes a value as COPY does: NULL is an empty field, so the empty string is quoted.
pub(crate) fn csv_value(value: &[u8], alone: bool, out: &mut Vec<u8>) {
    let special = value.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    let mistaken = value.is_empty() || (alone && value == b"\\.");
    if !special && !mistaken {
        out.extend_from_slice(value);
        return;
    }
    out.push(b'"');
    for &byte in value {
        if byte == b'"' {
            out.push(b'"');
        }
        out.push(byte);
    }
    out.push(b'"');
}

/// Passes bytes on and counts them.
pub(crate) struct Counted<W> {
    pub inner: W,
    pub bytes: u64,
}

impl<W: Write> Write for Counted<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.bytes += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn encoded(format: Format, values: &[Value<'_>]) -> Vec<u8> {
        let fields: Vec<Field> =
            (0..values.len()).map(|at| Field::new(&format!("c{at}"), Kind::Text, "text")).collect();
        let mut out = Vec::new();
        format.encode(&fields, values, &mut out);
        out
    }

    #[test]
    fn record_finds_the_end_of_each_record() {
        let rows: &[&[Value<'_>]] = &[
            &[Value::Text(b"a"), Value::Null, Value::Text(b"")],
            &[Value::Text(b"x,\"y\"\r\nz"), Value::Text(b"\\."), Value::Null],
            &[Value::Null],
            &[Value::Text(b"\\.")],
            &[Value::Text(b"}\n{")],
            &[Value::Int4(1), Value::Bool(true)],
        ];
        for format in [Format::Jsonl, Format::Csv, Format::Binary] {
            for row in rows {
                let mut out = encoded(format, row);
                let length = out.len();
                assert_eq!(format.record(&out, true), Some(length));
                assert_eq!(format.record(&out[..length - 1], false), None);
                out.extend_from_slice(&encoded(format, rows[0]));
                assert_eq!(format.record(&out, false), Some(length));
            }
        }
    }

    #[test]
    fn csv_equals_the_output_of_copy() {
        assert_eq!(encoded(Format::Csv, &[Value::Text(b"a"), Value::Null, Value::Text(b"")]), b"a,,\"\"\n");
        assert_eq!(encoded(Format::Csv, &[Value::Text(b"\\.")]), b"\"\\.\"\n");
        assert_eq!(encoded(Format::Csv, &[Value::Text(b"x,\"y\"")]), b"\"x,\"\"y\"\"\"\n");
    }

    #[test]
    fn json_record_ends_after_its_object() {
        let text = b"{\"a\":\"}\\\"\\n\",\"b\":{\n\"c\":[{}\n,\n2]}}\n{}\n";
        assert_eq!(Format::Jsonl.record(text, true), Some(text.len() - 3));
        assert_eq!(Format::Jsonl.record(b"{\"a\":\n", true), None);
        assert_eq!(Format::Jsonl.record(b"{}\n", false), None);
    }
}
