//! The classes of values that expressions compute with.

use crate::data_type::{Base, DataType};

/// What a value is, as far as operators depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Class {
    Boolean,
    Integer,
    /// numeric
    Exact,
    Float,
    Text,
    /// An enum: text with an order of its own.
    Enum,
    Uuid,
    Bytes,
    Date,
    Time,
    Timestamp,
    TimestampTz,
    Json,
    /// An array, as a JSON text.
    Array,
    Null,
    /// A value that no operator is known for.
    Other,
}

impl Class {
    /// Returns the class of a type's values.
    pub fn of(data_type: &DataType<'_>) -> Self {
        if data_type.is_array {
            return Class::Array;
        }
        match data_type.base {
            Base::Boolean => Class::Boolean,
            Base::Smallint | Base::Integer | Base::Bigint => Class::Integer,
            Base::Numeric(_) => Class::Exact,
            Base::Real | Base::Double => Class::Float,
            Base::Char(_) | Base::Varchar(_) | Base::Text | Base::Name | Base::Byte | Base::Citext => Class::Text,
            Base::Enum(_) => Class::Enum,
            Base::Uuid => Class::Uuid,
            Base::Bytea => Class::Bytes,
            Base::Date => Class::Date,
            Base::Time(_) => Class::Time,
            Base::Timestamp(_) => Class::Timestamp,
            Base::TimestampTz(_) => Class::TimestampTz,
            Base::Json => Class::Json,
            Base::Money
            | Base::TimeTz(_)
            | Base::Interval
            | Base::Xml
            | Base::Network
            | Base::Macaddr(_)
            | Base::Bit(_)
            | Base::Varbit(_)
            | Base::TextSearch
            | Base::Point
            | Base::Shape
            | Base::Geometric
            | Base::Range
            | Base::Multirange
            | Base::Composite
            | Base::Hstore
            | Base::Vector
            | Base::Geometry
            | Base::Oid
            | Base::ShortText
            | Base::Other => Class::Other,
        }
    }

    /// Returns whether it is a number.
    pub fn is_number(self) -> bool {
        matches!(self, Class::Integer | Class::Exact | Class::Float)
    }

    /// Returns whether it is kept as text in all dialects.
    pub fn is_text(self) -> bool {
        matches!(self, Class::Text | Class::Enum)
    }

    /// Returns whether values of both can be compared for equality.
    pub fn is_comparable(self, other: Self) -> bool {
        let null = self == Class::Null || other == Class::Null;
        let known = |class: Self| !matches!(class, Class::Other | Class::Json | Class::Array);
        null || (self == other && known(self))
            || (self.is_number() && other.is_number())
            || (self.is_text() && other.is_text())
    }
}
