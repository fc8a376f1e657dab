//! Columns and their types.

use super::default::{Class, default};
use super::{comment, labels, name};
use crate::column::{ColumnDefinition, IdentityWord};
use crate::expression::Expression;
use crate::import::Imported;
use crate::import::keys::Keys;
use crate::validate::Level;

/// The greatest length and precision that PostgreSQL has.
const LONGEST: u64 = 10_485_760;
const MOST_PRECISE: u64 = 1000;

/// Returns a column, and whether it is in the primary key.
pub fn column(keys: &mut Keys<'_>, imported: &mut Imported) -> (ColumnDefinition, bool) {
    let in_key = keys.flag("primaryKey").unwrap_or(false);
    let name = name(keys, imported);
    let (data_type, class) = data_type(keys, imported);
    let nullable = keys.flag("nullable");
    if nullable.is_none() && !in_key {
        let message = format!("Whether column {name} may be null is not said; it may.");
        imported.remark(&keys.path, "NULLABILITY_NOT_SAID", Level::Info, message);
    }
    let is_counted = keys.flag("autoIncrement").unwrap_or(false);
    let default = if is_counted { None } else { keys.find("defaultValue", |own| default(own, class)) };
    let column = ColumnDefinition {
        name,
        r#type: data_type.into(),
        nullable: in_key || is_counted || nullable.unwrap_or(true),
        default: default.map(Expression),
        unique: keys.flag("unique").unwrap_or(false) && !in_key,
        identity: is_counted.then_some(IdentityWord::ByDefault),
        comment: comment(keys),
        labels: labels(keys, &["id"]),
        ..ColumnDefinition::default()
    };
    // Null says that there is none.
    keys.find("defaultValue", |own| own.is_null().then_some(()));
    keys.report(imported);
    (column, in_key)
}

/// Returns the type of a column. What its length or precision would be by habit is reported, and not made.
fn data_type(keys: &mut Keys<'_>, imported: &mut Imported) -> (String, Class) {
    let written = keys.text("dataType").unwrap_or_default();
    let path = format!("{}/dataType", keys.path);
    let mut remark = |code, level, message: &str| imported.remark(&path, code, level, message.to_owned());
    let (sql, class) = match &*written.to_ascii_uppercase() {
        "INT" | "INTEGER" => ("integer", Class::Integer),
        "BIGINT" => ("bigint", Class::Bigint),
        "VARCHAR" => match keys.number("length", 1, LONGEST) {
            Some(length) => return (format!("character varying({length})"), Class::Text),
            None => {
                remark("LENGTH_NOT_SAID", Level::Info, "The length of VARCHAR is not said; it has no limit.");
                ("character varying", Class::Text)
            }
        },
        "TEXT" => ("text", Class::Text),
        "BOOLEAN" => ("boolean", Class::Boolean),
        "TIMESTAMP" => {
            remark("TIME_ZONE_NOT_SAID", Level::Info, "TIMESTAMP says nothing of a time zone; the column has none.");
            ("timestamp without time zone", Class::Timestamp)
        }
        "DATE" => ("date", Class::Date),
        "TIME" => ("time without time zone", Class::Time),
        "DECIMAL" => match keys.number("precision", 1, MOST_PRECISE) {
            Some(precision) => {
                let scale = keys.number("scale", 0, precision).unwrap_or(0);
                return (format!("numeric({precision},{scale})"), Class::Decimal);
            }
            None => {
                remark("LENGTH_NOT_SAID", Level::Info, "The precision of DECIMAL is not said; it has no limit.");
                ("numeric", Class::Decimal)
            }
        },
        "FLOAT" => ("real", Class::Float),
        "DOUBLE" => ("double precision", Class::Float),
        "JSON" => ("jsonb", Class::Json),
        "UUID" => ("uuid", Class::Uuid),
        word => {
            let message = format!("Type \"{word}\" is none of a builder; it stays as it is written.");
            imported.remark(&path, "UNSUPPORTED_DATA_TYPE", Level::Error, message);
            (if written.is_empty() { "text" } else { written }, Class::Other)
        }
    };
    (sql.to_owned(), class)
}
