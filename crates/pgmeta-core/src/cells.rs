//! The values of a query's row, with the server's types, and conversions to Rust types. Knows no query; the code that runs queries
//! implements [`Cells`].

use crate::ident::Name;

/// One value of a row, with the server's type.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell<'a> {
    Null,
    Bool(bool),
    Int(i64),
    Oid(u32),
    Float(f64),
    /// The type `"char"`, which the catalogs use for codes.
    Code(u8),
    Text(&'a str),
    /// A `pg_node_tree`, which only the server can print.
    Tree(&'a str),
    Texts(Vec<Option<String>>),
    Ints(Vec<i64>),
    Oids(Vec<u32>),
    Bools(Vec<bool>),
    Codes(Vec<u8>),
    Acl(Vec<AclItem>),
}

/// One `aclitem`, not decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AclItem {
    /// 0 means PUBLIC.
    pub grantee: u32,
    pub grantor: u32,
    pub privileges: u32,
    pub grantable: u32,
}

/// A row whose cells are read one by one.
pub trait Cells {
    fn next_cell(&mut self) -> Result<Cell<'_>, RowError>;
}

/// Errors in a row. Most of them mean that a query and its row struct disagree, or that the server is newer than the code.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RowError {
    #[error("catalog column \"{0}\" is unexpectedly null")]
    UnexpectedNull(&'static str),
    #[error("catalog column \"{0}\" has an unexpected type")]
    WrongType(&'static str),
    #[error("unknown catalog code \"{code}\" for {of}")]
    UnknownCode { of: &'static str, code: char },
    #[error("unknown privilege bits {0:#x}")]
    UnknownPrivilege(u32),
    #[error("catalog row refers to {0} with OID {1}, which does not exist")]
    Vanished(&'static str, u32),
    #[error("could not read {0}: it was changed or dropped concurrently")]
    ConcurrentChange(String),
    /// A text that is not valid UTF-8, with a description.
    #[error("{0}")]
    Encoding(String),
}

/// A Rust type for a cell. `None`: the cell has another type. `Option` accepts nulls.
pub trait FromCell: Sized {
    fn from_cell(cell: Cell<'_>) -> Option<Self>;
}

macro_rules! from_cell {
    ($($type:ty: $pattern:pat => $value:expr),* $(,)?) => {
        $(impl FromCell for $type {
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                match cell { $pattern => $value, _ => None }
            }
        })*
    };
}

from_cell! {
    bool: Cell::Bool(value) => Some(value),
    i16: Cell::Int(value) => value.try_into().ok(),
    i32: Cell::Int(value) => value.try_into().ok(),
    i64: Cell::Int(value) => Some(value),
    u32: Cell::Oid(value) => Some(value),
    f64: Cell::Float(value) => Some(value),
    u8: Cell::Code(value) => Some(value),
    String: Cell::Text(value) => Some(value.to_owned()),
    Name: Cell::Text(value) => Some(Name::from(value)),
    Vec<Option<String>>: Cell::Texts(value) => Some(value),
    Vec<String>: Cell::Texts(value) => value.into_iter().collect(),
    Vec<Name>: Cell::Texts(value) => value.into_iter().map(|text| text.map(Name::from)).collect(),
    Vec<i64>: Cell::Ints(value) => Some(value),
    Vec<i16>: Cell::Ints(value) => value.into_iter().map(|int| int.try_into().ok()).collect(),
    Vec<u32>: Cell::Oids(value) => Some(value),
    Vec<bool>: Cell::Bools(value) => Some(value),
    Vec<u8>: Cell::Codes(value) => Some(value),
    Vec<AclItem>: Cell::Acl(value) => Some(value),
}

impl<T: FromCell> FromCell for Option<T> {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}

/// Reads the next cell into the field `column`.
pub fn take<T: FromCell>(cells: &mut dyn Cells, column: &'static str) -> Result<T, RowError> {
    let cell = cells.next_cell()?;
    let null = cell == Cell::Null;
    T::from_cell(cell).ok_or(if null { RowError::UnexpectedNull(column) } else { RowError::WrongType(column) })
}
