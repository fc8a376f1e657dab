//! The types of SQL Server. Texts have a collation that compares code points, as PostgreSQL compares bytes.

use pgmeta_core::ident::Name;

use crate::data_type::{Base, DataType};
use crate::target::{ColumnType, KeyPart, TypeCheck, length_of};

/// The greatest NVARCHAR with a length.
const LONGEST: u32 = 4000;

/// Bytes of a character.
const CHARACTER: u32 = 2;

const BINARY: &str = "Latin1_General_100_BIN2";

/// Returns the type of a column, with the greatest length that its keys allow.
pub(super) fn column_type(data_type: &DataType<'_>, key: Option<u32>) -> ColumnType {
    let fixed = |sql: &str, bytes: u32| ColumnType::same(sql, KeyPart::Fixed(bytes));
    let other = |sql: &str, bytes: u32, loss: &str| ColumnType::other(sql, KeyPart::Fixed(bytes), loss);
    let json = |loss: &str| ColumnType::other("NVARCHAR(MAX)", KeyPart::Never, loss).with(TypeCheck::Json);
    let short = |length: u32, loss: &str| {
        ColumnType { loss: Some(loss.to_owned()), key: KeyPart::Fixed(CHARACTER * length), ..sized(length) }
            .in_text_form()
    };
    if data_type.is_array {
        return json("the array is JSON");
    }
    let seconds = |digits: Option<u32>| digits.unwrap_or(6).min(7);
    match &data_type.base {
        Base::Smallint => fixed("SMALLINT", 2),
        Base::Integer => fixed("INT", 4),
        Base::Bigint => fixed("BIGINT", 8),
        Base::Oid => fixed("BIGINT", 8),
        Base::Real => other("REAL", 4, "NaN and infinity cannot be stored"),
        Base::Double => other("FLOAT(53)", 8, "NaN and infinity cannot be stored"),
        Base::Numeric(Some((precision, scale))) => decimal(*precision, *scale, key),
        Base::Numeric(None) => number_as_text(key),
        Base::Money => other("MONEY", 8, "the amount has four decimal places"),
        Base::Boolean => fixed("BIT", 1),
        Base::Char(length) if *length <= key.unwrap_or(LONGEST).min(LONGEST) => ColumnType {
            sql: format!("NCHAR({length})"),
            loss: Some("characters beyond the Basic Multilingual Plane count as two".to_owned()),
            ..sized(*length)
        },
        Base::Char(_) | Base::Varchar(_) | Base::Text | Base::Name | Base::Byte => text(&data_type.base, key),
        Base::Citext => {
            let own = text(&Base::Text, key);
            let loss = own.loss.map_or_else(String::new, |loss| format!("; {loss}"));
            let loss = Some(format!("the collation ignores case{loss}"));
            ColumnType { collation: Some("Latin1_General_100_CI_AS"), loss, ..own }
        }
        Base::Bytea => match key {
            Some(length) => ColumnType::other(
                format!("VARBINARY({length})"),
                KeyPart::Sized(1, Some(length)),
                format!("values in a key have {length} bytes at most"),
            ),
            None => ColumnType::same("VARBINARY(MAX)", KeyPart::Sized(1, None)),
        },
        Base::Date => other("DATE", 3, "infinity and years before 1 cannot be stored"),
        Base::Time(digits) => ColumnType::same(format!("TIME({})", seconds(*digits)), KeyPart::Fixed(5)),
        Base::Timestamp(digits) => ColumnType::other(
            format!("DATETIME2({})", seconds(*digits)),
            KeyPart::Fixed(8),
            "infinity and years before 1 cannot be stored",
        ),
        Base::TimestampTz(digits) => ColumnType::other(
            format!("DATETIMEOFFSET({})", seconds(*digits)),
            KeyPart::Fixed(10),
            "the value keeps its offset; infinity and years before 1 cannot be stored",
        ),
        Base::TimeTz(_) => short(21, "the value is text"),
        Base::Interval => short(64, "the value is text"),
        Base::Uuid => other("UNIQUEIDENTIFIER", 16, "values are sorted by their last bytes first"),
        Base::Json => json("the value is text, and a check that it is JSON"),
        Base::Xml => ColumnType::other("XML", KeyPart::Never, "the text is not kept as it was"),
        Base::Network => short(43, "the value is text"),
        Base::Macaddr(length) => ColumnType { sql: format!("NCHAR({length})"), ..short(*length, "the value is text") },
        Base::Bit(length) => text_of_bits(Some(*length), key),
        Base::Varbit(length) => text_of_bits(*length, key),
        Base::TextSearch => ColumnType::other(
            "NVARCHAR(MAX)",
            KeyPart::Never,
            "the value is text; a FULLTEXT index would search the original",
        )
        .in_text_form(),
        Base::Point | Base::Shape | Base::Geometry => {
            ColumnType::other("GEOMETRY", KeyPart::Never, "the value is a spatial one")
        }
        Base::Geometric | Base::Range | Base::Multirange | Base::Vector | Base::Other => {
            let own = text(&Base::Text, key);
            let loss = own.loss.map_or_else(String::new, |loss| format!("; {loss}"));
            ColumnType { loss: Some(format!("the value is PostgreSQL's text form{loss}")), ..own }.in_text_form()
        }
        Base::ShortText => short(255, "the value is text"),
        Base::Enum(labels) => enumeration(labels),
        Base::Composite | Base::Hstore => json("the value is a JSON object"),
    }
}

fn sized(length: u32) -> ColumnType {
    ColumnType {
        collation: Some(BINARY),
        ..ColumnType::same(format!("NVARCHAR({length})"), KeyPart::Sized(CHARACTER, Some(length)))
    }
}

fn text(base: &Base<'_>, key: Option<u32>) -> ColumnType {
    let max =
        || ColumnType { collation: Some(BINARY), ..ColumnType::same("NVARCHAR(MAX)", KeyPart::Sized(CHARACTER, None)) };
    let in_key =
        |key: u32| ColumnType { loss: Some(format!("values in a key have {key} characters at most")), ..sized(key) };
    match (length_of(base), key) {
        (Some(own), Some(key)) if own > key => in_key(key),
        (Some(own), _) if own <= LONGEST => ColumnType {
            loss: Some("characters beyond the Basic Multilingual Plane count as two".to_owned()),
            ..sized(own)
        },
        (Some(own), _) => {
            ColumnType { loss: Some("the length is a check".to_owned()), ..max() }.with(TypeCheck::Length(own))
        }
        (None, Some(key)) => in_key(key),
        (None, None) => max(),
    }
}

fn text_of_bits(length: Option<u32>, key: Option<u32>) -> ColumnType {
    let own = text(&Base::Varchar(length), key);
    ColumnType { loss: Some("the value is text of the digits 0 and 1".to_owned()), ..own }.in_text_form()
}

fn decimal(precision: u32, scale: i32, key: Option<u32>) -> ColumnType {
    let digits = precision.saturating_add(u32::try_from(-scale).unwrap_or(0)).max(u32::try_from(scale).unwrap_or(0));
    let places = u32::try_from(scale).unwrap_or(0);
    if digits > 38 {
        return number_as_text(key);
    }
    let is_same = scale >= 0 && places <= precision;
    let loss = if is_same { "NaN cannot be stored" } else { "NaN cannot be stored, and the scale is another one" };
    ColumnType::other(format!("DECIMAL({digits},{places})"), KeyPart::Fixed(17), loss)
}

fn number_as_text(key: Option<u32>) -> ColumnType {
    let length = key.unwrap_or(255).min(255);
    let loss = format!("the number is text of {length} characters at most, and is sorted as text");
    ColumnType { number_as_text: true, loss: Some(loss), ..sized(length) }
}

fn enumeration(labels: &[Name]) -> ColumnType {
    let length = labels.iter().map(|label| label.encode_utf16().count()).max().unwrap_or(1).max(1);
    let labels = labels.iter().map(|label| label.to_string()).collect();
    let loss =
        Some("the labels are a check, in which blanks at the end do not count, and are sorted as text".to_owned());
    let length = u32::try_from(length).unwrap_or(LONGEST);
    ColumnType { loss, key: KeyPart::Fixed(CHARACTER * length), ..sized(length) }.with(TypeCheck::OneOf(labels))
}
