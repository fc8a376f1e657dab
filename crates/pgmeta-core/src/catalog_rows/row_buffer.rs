//! Rows as bytes, sent from the thread that reads them to the thread that converts them to structs. Knows no query.

use crate::catalog_rows::FromRow;
use crate::cells::{AclItem, Cell, Cells, RowError};

/// Rows of one query, cell after cell.
#[derive(Debug, Default)]
pub struct RowBuffer {
    bytes: Vec<u8>,
    rows: usize,
}

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INT: u8 = 3;
const OID: u8 = 4;
const FLOAT: u8 = 5;
const CODE: u8 = 6;
const TEXT: u8 = 7;
const TEXTS: u8 = 8;
const INTS: u8 = 9;
const OIDS: u8 = 10;
const BOOLS: u8 = 11;
const CODES: u8 = 12;
const ACL: u8 = 13;

impl RowBuffer {
    /// Removes the rows, but keeps the memory.
    pub fn clear(&mut self) {
        self.bytes.clear();
        self.rows = 0;
    }

    /// Appends the next cell of a row; a tree is replaced by its text.
    pub fn push(&mut self, cell: &Cell<'_>) {
        match cell {
            Cell::Null => self.bytes.push(NULL),
            Cell::Bool(value) => self.bytes.push(if *value { TRUE } else { FALSE }),
            Cell::Int(value) => self.fixed(INT, value.to_ne_bytes()),
            Cell::Oid(value) => self.fixed(OID, value.to_ne_bytes()),
            Cell::Float(value) => self.fixed(FLOAT, value.to_ne_bytes()),
            Cell::Code(value) => self.fixed(CODE, [*value]),
            Cell::Text(value) | Cell::Tree(value) => {
                self.bytes.push(TEXT);
                self.text(value);
            }
            Cell::Texts(values) => self.list(TEXTS, values, |row_buffer, value| match value {
                Some(text) => {
                    row_buffer.bytes.push(TEXT);
                    row_buffer.text(text);
                }
                None => row_buffer.bytes.push(NULL),
            }),
            Cell::Ints(values) => {
                self.list(INTS, values, |row_buffer, value| row_buffer.bytes.extend(value.to_ne_bytes()))
            }
            Cell::Oids(values) => {
                self.list(OIDS, values, |row_buffer, value| row_buffer.bytes.extend(value.to_ne_bytes()))
            }
            Cell::Bools(values) => self.list(BOOLS, values, |row_buffer, value| row_buffer.bytes.push((*value).into())),
            Cell::Codes(values) => self.list(CODES, values, |row_buffer, value| row_buffer.bytes.push(*value)),
            Cell::Acl(values) => self.list(ACL, values, |row_buffer, item| {
                for part in [item.grantee, item.grantor, item.privileges, item.grantable] {
                    row_buffer.bytes.extend(part.to_ne_bytes());
                }
            }),
        }
    }

    /// Marks the end of a row.
    pub fn end_row(&mut self) {
        self.rows += 1;
    }

    /// Returns the length in bytes.
    pub fn len(&self) -> usize {
        self.bytes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows == 0
    }

    /// Iterates over the rows as structs.
    pub fn unpack<R: FromRow>(&self) -> impl Iterator<Item = Result<R, RowError>> {
        let mut cells = Unpacking { rest: &self.bytes };
        (0..self.rows).map(move |_| R::from_row(&mut cells))
    }

    fn fixed<const LENGTH: usize>(&mut self, tag: u8, value: [u8; LENGTH]) {
        self.bytes.push(tag);
        self.bytes.extend_from_slice(&value);
    }

    fn text(&mut self, text: &str) {
        self.bytes.extend_from_slice(&text.len().to_ne_bytes());
        self.bytes.extend_from_slice(text.as_bytes());
    }

    fn list<T>(&mut self, tag: u8, values: &[T], push: impl Fn(&mut Self, &T)) {
        self.fixed(tag, values.len().to_ne_bytes());
        values.iter().for_each(|value| push(self, value));
    }
}

struct Unpacking<'a> {
    rest: &'a [u8],
}

/// A row ends early only if its query returns fewer columns than the struct has fields.
const SHORT: RowError = RowError::WrongType("row");

impl<'a> Unpacking<'a> {
    fn fixed<const LENGTH: usize>(&mut self) -> Result<[u8; LENGTH], RowError> {
        let (value, rest) = self.rest.split_first_chunk().ok_or(SHORT)?;
        self.rest = rest;
        Ok(*value)
    }

    fn byte(&mut self) -> Result<u8, RowError> {
        Ok(u8::from_ne_bytes(self.fixed()?))
    }

    fn oid(&mut self) -> Result<u32, RowError> {
        Ok(u32::from_ne_bytes(self.fixed()?))
    }

    fn text(&mut self) -> Result<&'a str, RowError> {
        let length = usize::from_ne_bytes(self.fixed()?);
        let (text, rest) = self.rest.split_at_checked(length).ok_or(SHORT)?;
        self.rest = rest;
        std::str::from_utf8(text).map_err(|_| SHORT)
    }

    fn list<T>(&mut self, mut next: impl FnMut(&mut Self) -> Result<T, RowError>) -> Result<Vec<T>, RowError> {
        let count = usize::from_ne_bytes(self.fixed()?);
        (0..count).map(|_| next(self)).collect()
    }
}

impl Cells for Unpacking<'_> {
    fn next_cell(&mut self) -> Result<Cell<'_>, RowError> {
        Ok(match self.byte()? {
            NULL => Cell::Null,
            FALSE => Cell::Bool(false),
            TRUE => Cell::Bool(true),
            INT => Cell::Int(i64::from_ne_bytes(self.fixed()?)),
            OID => Cell::Oid(self.oid()?),
            FLOAT => Cell::Float(f64::from_ne_bytes(self.fixed()?)),
            CODE => Cell::Code(self.byte()?),
            TEXT => Cell::Text(self.text()?),
            TEXTS => Cell::Texts(self.list(|cells| match cells.byte()? {
                TEXT => Ok(Some(cells.text()?.to_owned())),
                _ => Ok(None),
            })?),
            INTS => Cell::Ints(self.list(|cells| Ok(i64::from_ne_bytes(cells.fixed()?)))?),
            OIDS => Cell::Oids(self.list(Self::oid)?),
            BOOLS => Cell::Bools(self.list(|cells| Ok(cells.byte()? != 0))?),
            CODES => Cell::Codes(self.list(Self::byte)?),
            ACL => Cell::Acl(self.list(|cells| {
                Ok(AclItem {
                    grantee: cells.oid()?,
                    grantor: cells.oid()?,
                    privileges: cells.oid()?,
                    grantable: cells.oid()?,
                })
            })?),
            _ => return Err(SHORT),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn row_buffer_returns_every_kind_of_cell() {
        let acl = AclItem { grantee: 0, grantor: 10, privileges: 3, grantable: 1 };
        let cells = [
            Cell::Null,
            Cell::Bool(true),
            Cell::Bool(false),
            Cell::Int(i64::MIN),
            Cell::Oid(u32::MAX),
            Cell::Float(0.1),
            Cell::Code(b'x'),
            Cell::Text("größer"),
            Cell::Text(""),
            Cell::Texts(vec![Some("a".into()), None]),
            Cell::Ints(vec![-1, 2]),
            Cell::Oids(vec![]),
            Cell::Bools(vec![true, false]),
            Cell::Codes(vec![0, 255]),
            Cell::Acl(vec![acl]),
        ];
        let mut row_buffer = RowBuffer::default();
        cells.iter().for_each(|cell| row_buffer.push(cell));
        let mut unpacking = Unpacking { rest: &row_buffer.bytes };
        for cell in &cells {
            assert_eq!(unpacking.next_cell().as_ref(), Ok(cell));
        }
        assert_eq!(unpacking.next_cell(), Err(SHORT));
    }

    #[test]
    fn row_buffer_builds_structs_from_rows() {
        row! {
            pub struct PairRow = "pairs" { number: i16, name: Option<String> }
        }
        let mut row_buffer = RowBuffer::default();
        for cells in [[Cell::Int(1), Cell::Text("one")], [Cell::Int(2), Cell::Null]] {
            cells.iter().for_each(|cell| row_buffer.push(cell));
            row_buffer.end_row();
        }
        let pairs = row_buffer.unpack::<PairRow>().map(|row| row.map(|row| (row.number, row.name)));
        assert_eq!(pairs.collect::<Vec<_>>(), [Ok((1, Some("one".into()))), Ok((2, None))]);
    }

    #[test]
    fn row_buffer_reports_a_row_that_does_not_fit() {
        row! {
            pub struct NumberRow = "numbers" { number: i16 }
        }
        let mut row_buffer = RowBuffer::default();
        row_buffer.push(&Cell::Bool(true));
        row_buffer.end_row();
        let mut numbers = row_buffer.unpack::<NumberRow>().map(|row| row.map(|row| row.number));
        assert_eq!(numbers.next(), Some(Err(RowError::WrongType("number"))));
    }
}
