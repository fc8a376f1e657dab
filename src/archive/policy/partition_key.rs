//! The partition key of a level, as far as a retention can be compared with it. Runs no queries.

use pgmeta_archive::options::{Epoch, Options};

use crate::archive::policy::Retention;

/// The kind of a partition key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    Date,
    Timestamp,
    Timestamptz,
    Integer,
    Uuid,
    /// `date_trunc` of a timestamp column.
    Truncated(Unit),
    Other,
}

/// The unit of `date_trunc`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unit {
    pub name: &'static str,
    pub interval: &'static str,
}

const UNITS: &[Unit] = &[
    Unit { name: "second", interval: "1 second" },
    Unit { name: "minute", interval: "1 minute" },
    Unit { name: "hour", interval: "1 hour" },
    Unit { name: "day", interval: "1 day" },
    Unit { name: "week", interval: "7 days" },
    Unit { name: "month", interval: "1 month" },
    Unit { name: "quarter", interval: "3 months" },
    Unit { name: "year", interval: "1 year" },
];

impl Key {
    /// `data_type`: the base type of domains; `unit`: that of an expression `date_trunc(unit, column)`.
    pub fn of(data_type: Option<&str>, unit: Option<&str>) -> Self {
        match (data_type, unit) {
            (Some("timestamp without time zone"), Some(unit)) => {
                UNITS.iter().find(|known| known.name == unit).map_or(Key::Other, |unit| Key::Truncated(*unit))
            }
            (_, Some(_)) => Key::Other,
            (Some("date"), None) => Key::Date,
            (Some("timestamp without time zone"), None) => Key::Timestamp,
            (Some("timestamp with time zone"), None) => Key::Timestamptz,
            (Some("smallint" | "integer" | "bigint"), None) => Key::Integer,
            (Some("uuid"), None) => Key::Uuid,
            _ => Key::Other,
        }
    }

    pub fn is_comparable(self, retention: &Retention, options: &Options) -> bool {
        match retention {
            Retention::Keys(_) => self == Key::Integer && options.epoch.is_none(),
            Retention::Time(_) => match self {
                Key::Integer => options.epoch.is_some_and(|epoch| epoch != Epoch::Uuid7),
                Key::Uuid => options.epoch == Some(Epoch::Uuid7),
                Key::Date | Key::Timestamp | Key::Timestamptz | Key::Truncated(_) => true,
                Key::Other => false,
            },
        }
    }

    /// Returns the type in which keys are compared, if the key is a column.
    pub fn data_type(self) -> Option<&'static str> {
        match self {
            Key::Date => Some("date"),
            Key::Timestamp => Some("timestamp"),
            Key::Timestamptz => Some("timestamptz"),
            Key::Integer => Some("int8"),
            Key::Uuid => Some("uuid"),
            Key::Truncated(_) | Key::Other => None,
        }
    }
}
