//! The types of STRICT tables. What has no exact type is text: a REAL would lose digits.

use crate::data_type::{Base, DataType};
use crate::target::{ColumnType, KeyPart, TypeCheck};

const KEY: KeyPart = KeyPart::Fixed(0);

/// Returns the type of a column.
pub(super) fn column_type(data_type: &DataType<'_>) -> ColumnType {
    let other = |sql: &str, loss: &str| ColumnType::other(sql, KEY, loss);
    if data_type.is_array {
        return other("TEXT", "the array is JSON").with(TypeCheck::Json);
    }
    match &data_type.base {
        Base::Smallint => other("INTEGER", "the range is that of 8 bytes, not of smallint"),
        Base::Integer => other("INTEGER", "the range is that of 8 bytes, not of integer"),
        Base::Bigint => ColumnType::same("INTEGER", KEY),
        Base::Oid => other("INTEGER", "the range is not checked"),
        Base::Real => other("REAL", "numbers have 8 bytes, and NaN becomes null"),
        Base::Double => other("REAL", "NaN becomes null"),
        Base::Numeric(Some(_)) => ColumnType {
            number_as_text: true,
            ..other("TEXT", "the number is text: precision and scale are not checked, and it is sorted as text")
        },
        Base::Numeric(None) => {
            ColumnType { number_as_text: true, ..other("TEXT", "the number is text, and is sorted as text") }
        }
        Base::Money => ColumnType { number_as_text: true, ..other("TEXT", "the amount is a number as text") },
        Base::Boolean => other("INTEGER", "true is 1, false is 0").with(TypeCheck::Boolean),
        Base::Char(length) => {
            other("TEXT", "the length is a check, and blanks at the end count").with(TypeCheck::Length(*length))
        }
        Base::Varchar(Some(length)) => other("TEXT", "the length is a check").with(TypeCheck::Length(*length)),
        Base::Varchar(None) | Base::Text => ColumnType::same("TEXT", KEY),
        Base::Name => other("TEXT", "the length is not checked"),
        Base::Byte => other("TEXT", "the length is a check").with(TypeCheck::Length(1)),
        Base::Citext => ColumnType {
            collation: Some("NOCASE"),
            ..other("TEXT", "only ASCII letters are equal in upper and lower case")
        },
        Base::Bytea => ColumnType::same("BLOB", KEY),
        Base::Date | Base::Time(_) => other("TEXT", "the value is text in ISO format").in_text_form(),
        Base::Timestamp(_) => other("TEXT", "the value is text in ISO format").in_text_form(),
        Base::TimestampTz(_) => other("TEXT", "the value is text in ISO format, in UTC").in_text_form(),
        Base::Uuid => other("TEXT", "the value is text").in_text_form(),
        Base::Json => other("TEXT", "the value is text, and a check that it is JSON").with(TypeCheck::Json),
        Base::Enum(labels) => {
            let labels = labels.iter().map(|label| label.to_string()).collect();
            other("TEXT", "the labels are a check, and are sorted as text").with(TypeCheck::OneOf(labels))
        }
        Base::Composite => other("TEXT", "the value is a JSON object").with(TypeCheck::Json),
        Base::Hstore => other("TEXT", "the value is a JSON object").with(TypeCheck::Json),
        Base::TextSearch => other("TEXT", "the value is text; a table of FTS5 would search it").in_text_form(),
        Base::Vector | Base::Geometry => other("BLOB", "the value is its binary form"),
        Base::TimeTz(_)
        | Base::Interval
        | Base::Xml
        | Base::Network
        | Base::Macaddr(_)
        | Base::Bit(_)
        | Base::Varbit(_)
        | Base::Point
        | Base::Shape
        | Base::Geometric
        | Base::Range
        | Base::Multirange
        | Base::ShortText
        | Base::Other => other("TEXT", "the value is PostgreSQL's text form").in_text_form(),
    }
}
