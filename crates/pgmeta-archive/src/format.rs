//! The formats of data files: how a row's columns become bytes, and where one record ends and the next begins.

use std::io::{self, Write};

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Format {
    /// A line for each row: what `row_to_json` returns.
    #[default]
    Jsonl,
    /// What COPY writes with FORMAT csv, without a header.
    Csv,
}

impl Format {
    pub fn extension(self) -> &'static str {
        match self {
            Format::Jsonl => "jsonl",
            Format::Csv => "csv",
        }
    }

    /// Appends a record, with the newline that ends it; `None` is NULL.
    pub fn encode(self, columns: &[Option<&[u8]>], out: &mut Vec<u8>) {
        match self {
            // The server has made a document of the row: its only column.
            Format::Jsonl => columns.iter().flatten().for_each(|document| out.extend_from_slice(document)),
            Format::Csv => {
                for (at, value) in columns.iter().enumerate() {
                    if at > 0 {
                        out.push(b',');
                    }
                    if let Some(value) = value {
                        csv_value(value, columns.len() == 1, out);
                    }
                }
            }
        }
        out.push(b'\n');
    }

    /// Returns the length of the first record with its newline; `None` where it is not there to its end.
    pub fn record(self, bytes: &[u8]) -> Option<usize> {
        match self {
            Format::Jsonl => json_record(bytes),
            Format::Csv => {
                let mut quoted = false;
                let at = bytes.iter().position(|&byte| {
                    quoted ^= byte == b'"';
                    byte == b'\n' && !quoted
                })?;
                Some(at + 1)
            }
        }
    }
}

/// As COPY does it: NULL is nothing, so that the empty string has quotes.
fn csv_value(value: &[u8], alone: bool, out: &mut Vec<u8>) {
    let special = value.iter().any(|byte| matches!(byte, b',' | b'"' | b'\n' | b'\r'));
    let mistaken = value.is_empty() || (alone && value == b"\\.");
    if !special && !mistaken {
        out.extend(value);
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

/// A column of type json may hold newlines between tokens: the record ends with the object.
fn json_record(bytes: &[u8]) -> Option<usize> {
    let (mut depth, mut in_string, mut escaped) = (0usize, false, false);
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => depth += 1,
            b'}' | b']' => depth = depth.saturating_sub(1),
            b'\n' if depth == 0 => return Some(at + 1),
            _ => {}
        }
    }
    None
}

/// Takes the columns of a CSV record, without its newline, apart.
pub fn csv_columns(record: &[u8]) -> Vec<Option<Vec<u8>>> {
    let mut columns = Vec::new();
    let (mut value, mut quoted, mut any_quote) = (Vec::new(), false, false);
    let mut bytes = record.iter().copied().peekable();
    loop {
        let next = bytes.next();
        match next {
            Some(b'"') if !quoted => (quoted, any_quote) = (true, true),
            Some(b'"') if bytes.peek() == Some(&b'"') => {
                bytes.next();
                value.push(b'"');
            }
            Some(b'"') => quoted = false,
            Some(byte) if quoted || byte != b',' => value.push(byte),
            Some(_) | None => {
                let whole = std::mem::take(&mut value);
                columns.push((any_quote || !whole.is_empty()).then_some(whole));
                any_quote = false;
                if next.is_none() {
                    return columns;
                }
            }
        }
    }
}

/// Passes on what is written, and counts it.
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

    #[test]
    fn csv_is_read_as_it_is_written() {
        let rows: &[&[Option<&[u8]>]] = &[
            &[Some(b"a"), None, Some(b"")],
            &[Some(b"x,\"y\"\r\nz"), Some(b"\\."), None],
            &[None],
            &[Some(b"\\.")],
            &[Some(b"")],
        ];
        for row in rows {
            let mut out = Vec::new();
            Format::Csv.encode(row, &mut out);
            assert_eq!(Format::Csv.record(&out), Some(out.len()));
            let read = csv_columns(&out[..out.len() - 1]);
            let read: Vec<Option<&[u8]>> = read.iter().map(Option::as_deref).collect();
            assert_eq!(&read, row);
        }
        let mut out = Vec::new();
        Format::Csv.encode(rows[0], &mut out);
        assert_eq!(out, b"a,,\"\"\n");
    }

    #[test]
    fn records_of_json_end_with_the_object() {
        let text = b"{\"a\":\"}\\\"\\n\",\"b\":{\n\"c\":[1,\n2]}}\n{}\n";
        assert_eq!(Format::Jsonl.record(text), Some(text.len() - 3));
        assert_eq!(Format::Jsonl.record(b"{\"a\":\n"), None);
    }
}
