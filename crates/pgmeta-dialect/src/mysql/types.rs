//! The types of MySQL and MariaDB. Texts of any length are LONGTEXT, and VARCHAR in keys.

use pgmeta_core::ident::Name;
use rustc_hash::FxHashSet;

use crate::data_type::{Base, DataType};
use crate::target::{ColumnType, KeyPart, TypeCheck, length_of};

use super::Differences;

/// The greatest VARCHAR of characters of four bytes.
const LONGEST: u32 = 16_383;

/// Bytes of a character.
const CHARACTER: u32 = 4;

/// Returns the type of a column, with the greatest length that its keys allow.
pub(super) fn column_type(data_type: &DataType<'_>, key: Option<u32>, differences: &Differences) -> ColumnType {
    let fixed = |sql: &str, bytes: u32| ColumnType::same(sql, KeyPart::Fixed(bytes));
    let other = |sql: &str, bytes: u32, loss: &str| ColumnType::other(sql, KeyPart::Fixed(bytes), loss);
    let short = |length: u32, loss: &str| {
        ColumnType::other(format!("VARCHAR({length})"), KeyPart::Fixed(CHARACTER * length), loss).in_text_form()
    };
    let json = |loss: &str| ColumnType::other("JSON", KeyPart::Never, loss);
    if data_type.is_array {
        return json("the array is JSON");
    }
    let seconds = |digits: Option<u32>| digits.unwrap_or(6).min(6);
    match &data_type.base {
        Base::Smallint => fixed("SMALLINT", 2),
        Base::Integer => fixed("INT", 4),
        Base::Bigint => fixed("BIGINT", 8),
        Base::Oid => fixed("INT UNSIGNED", 4),
        Base::Real => other("FLOAT", 4, "NaN and infinity cannot be stored"),
        Base::Double => other("DOUBLE", 8, "NaN and infinity cannot be stored"),
        Base::Numeric(Some((precision, scale))) => decimal(*precision, *scale, key),
        Base::Numeric(None) => number_as_text(key),
        Base::Money => other("DECIMAL(19,2)", 9, "the amount is a number without a currency"),
        Base::Boolean => other("TINYINT(1)", 1, "true is 1, false is 0").with(TypeCheck::Boolean),
        Base::Char(length) if *length <= key.unwrap_or(255).min(255) => {
            ColumnType::same(format!("CHAR({length})"), KeyPart::Sized(CHARACTER, Some(*length)))
        }
        Base::Char(_) | Base::Varchar(_) | Base::Text | Base::Name | Base::Byte => text(&data_type.base, key),
        Base::Citext => ColumnType {
            collation: Some(differences.case_insensitive),
            loss: Some(match text(&Base::Text, key).loss {
                Some(loss) => format!("the collation ignores case; {loss}"),
                None => "the collation ignores case".to_owned(),
            }),
            ..text(&Base::Text, key)
        },
        Base::Bytea => match key {
            Some(length) => ColumnType::other(
                format!("VARBINARY({length})"),
                KeyPart::Sized(1, Some(length)),
                format!("values in a key have {length} bytes at most"),
            ),
            None => ColumnType::same("LONGBLOB", KeyPart::Sized(1, None)),
        },
        Base::Date => fixed("DATE", 3),
        Base::Time(digits) => ColumnType::same(format!("TIME({})", seconds(*digits)), KeyPart::Fixed(6)),
        Base::Timestamp(digits) => ColumnType::other(
            format!("DATETIME({})", seconds(*digits)),
            KeyPart::Fixed(8),
            "years are 1000 to 9999, and infinity cannot be stored",
        ),
        Base::TimestampTz(digits) => ColumnType::other(
            format!("DATETIME({})", seconds(*digits)),
            KeyPart::Fixed(8),
            "the value is in UTC, without a time zone; years are 1000 to 9999, and infinity cannot be stored",
        ),
        Base::TimeTz(_) => short(21, "the value is text"),
        Base::Interval => short(64, "the value is text"),
        Base::Uuid => ColumnType { sql: "CHAR(36)".to_owned(), ..short(36, "the value is text") },
        Base::Json => ColumnType::same("JSON", KeyPart::Never),
        Base::Xml => long("the text is not checked").in_text_form(),
        Base::Network => short(43, "the value is text"),
        Base::Macaddr(length) => ColumnType { sql: format!("CHAR({length})"), ..short(*length, "the value is text") },
        Base::Bit(length) if *length <= 64 => other(&format!("BIT({length})"), 8, "the value is a number of bits"),
        Base::Bit(length) => text_of_bits(Some(*length), key),
        Base::Varbit(length) => text_of_bits(*length, key),
        Base::TextSearch => long("the value is text; a FULLTEXT index would search the original").in_text_form(),
        Base::Point => ColumnType::other("POINT", KeyPart::Never, "the value is a spatial one"),
        Base::Shape => ColumnType::other("GEOMETRY", KeyPart::Never, "the value is a spatial one"),
        Base::Geometry => ColumnType::other("GEOMETRY", KeyPart::Never, "the value is a spatial one, of any kind"),
        Base::Geometric | Base::Multirange | Base::Vector | Base::Other => {
            text_form(key, "the value is PostgreSQL's text form")
        }
        Base::Range => short(255, "the value is PostgreSQL's text form"),
        Base::ShortText => short(255, "the value is text"),
        Base::Enum(labels) => enumeration(labels),
        Base::Composite | Base::Hstore => json("the value is a JSON object"),
    }
}

fn long(loss: &str) -> ColumnType {
    ColumnType::other("LONGTEXT", KeyPart::Sized(CHARACTER, None), loss)
}

fn text(base: &Base<'_>, key: Option<u32>) -> ColumnType {
    let own = length_of(base);
    match (own, key) {
        (Some(own), Some(key)) if own > key => ColumnType::other(
            format!("VARCHAR({key})"),
            KeyPart::Sized(CHARACTER, Some(key)),
            format!("values in a key have {key} characters at most"),
        ),
        (Some(own), _) if own <= LONGEST => {
            ColumnType::same(format!("VARCHAR({own})"), KeyPart::Sized(CHARACTER, Some(own)))
        }
        (Some(own), _) => long("the length is a check").with(TypeCheck::Length(own)),
        (None, Some(key)) => ColumnType::other(
            format!("VARCHAR({key})"),
            KeyPart::Sized(CHARACTER, Some(key)),
            format!("values in a key have {key} characters at most"),
        ),
        (None, None) => ColumnType::same("LONGTEXT", KeyPart::Sized(CHARACTER, None)),
    }
}

fn text_form(key: Option<u32>, loss: &str) -> ColumnType {
    let own = text(&Base::Text, key);
    let loss = own.loss.map_or_else(|| loss.to_owned(), |own| format!("{loss}; {own}"));
    ColumnType { loss: Some(loss), text_form: true, ..own }
}

fn text_of_bits(length: Option<u32>, key: Option<u32>) -> ColumnType {
    let own = text(&Base::Varchar(length), key);
    ColumnType { loss: Some("the value is text of the digits 0 and 1".to_owned()), text_form: true, ..own }
}

fn decimal(precision: u32, scale: i32, key: Option<u32>) -> ColumnType {
    // PostgreSQL 15 has negative scales, and scales beyond the precision.
    let digits = precision.saturating_add(u32::try_from(-scale).unwrap_or(0)).max(u32::try_from(scale).unwrap_or(0));
    let places = u32::try_from(scale).unwrap_or(0);
    if digits > 65 || places > 30 {
        return number_as_text(key);
    }
    let is_same = scale >= 0 && places <= precision;
    let loss = if is_same { "NaN cannot be stored" } else { "NaN cannot be stored, and the scale is another one" };
    ColumnType::other(format!("DECIMAL({digits},{places})"), KeyPart::Fixed(digits / 2 + 2), loss)
}

fn number_as_text(key: Option<u32>) -> ColumnType {
    let length = key.unwrap_or(255).min(255);
    let loss = format!("the number is text of {length} characters at most, and is sorted as text");
    let own = ColumnType::other(format!("VARCHAR({length})"), KeyPart::Sized(CHARACTER, Some(length)), loss);
    ColumnType { number_as_text: true, ..own }
}

/// ENUM removes blanks at the end of labels, has '' for wrong values, and does not take long labels.
fn enumeration(labels: &[Name]) -> ColumnType {
    let mut seen = FxHashSet::default();
    let fits = |label: &Name| !label.is_empty() && !label.ends_with(' ') && label.chars().count() <= 255;
    let plain =
        !labels.is_empty() && labels.len() <= 65_535 && labels.iter().all(|label| fits(label) && seen.insert(label));
    if plain {
        let labels: Vec<String> = labels.iter().map(|label| super::expression::text(label)).collect();
        return ColumnType::same(format!("ENUM({})", labels.join(", ")), KeyPart::Fixed(2));
    }
    let length = labels.iter().map(|label| label.chars().count()).max().unwrap_or(1).max(1);
    let length = u32::try_from(length).unwrap_or(255);
    let labels = labels.iter().map(|label| label.to_string()).collect();
    let sql = format!("VARCHAR({length})");
    ColumnType::other(sql, KeyPart::Fixed(CHARACTER * length), "the labels are a check, and are sorted as text")
        .with(TypeCheck::OneOf(labels))
}
