//! Computes the folder of a partition's files from the path template, the names, and the start of the partition.

use pgmeta_archive::bound::{Bound, End, parse};
use pgmeta_archive::manifest::Slice;
use pgmeta_archive::options::Options;
use pgmeta_archive::template::{Begin, Date, Names, default_template, fill, refuse_columns};

use crate::archive::errors::PolicyError;
use crate::archive::queries;
use crate::archive::transfer::partition::Partition;
use crate::error::Error;
use crate::server;
use crate::spi::{Arg, Connection};

/// Returns the folder of a partition's files.
pub fn folder(
    connection: &Connection,
    partition: &Partition,
    slice: Option<&Slice>,
    options: &Options,
) -> Result<String, Error> {
    let levels = levels(connection, partition.oid)?;
    let begin = begin(connection, &levels, slice, options)?;
    let columns = partition.columns.iter().map(|column| column.name.as_str());
    let top = top(connection, partition.oid)?;
    filled(connection, options, (&top, &partition.name), &begin, columns)
}

/// Returns an error if the template is wrong for all partitions of a table.
pub fn check(connection: &Connection, parent: u32, options: &Options) -> Result<(), Error> {
    let args = [Arg::Int(parent.into())];
    let keys: Vec<String> = queries::values(connection, sql!("partition_keys"), &args, "key")?;
    let begin = if keys.iter().any(|key| is_time(key, options)) { Begin::Open } else { Begin::Timeless };
    let columns: Vec<String> = queries::values(connection, sql!("key_columns"), &args, "name")?;
    let top = top(connection, parent)?;
    let columns = columns.iter().map(String::as_str);
    filled(connection, options, (&top, "p"), &begin, columns).map(drop)
}

query! {
    /// The uppermost partitioned table, or the table itself if it is not a partition.
    struct TopTable = "top_table" {
        schema: String,
        name: String,
    }
}

fn filled<'a>(
    connection: &Connection,
    options: &Options,
    (TopTable { schema, name: table }, partition): (&TopTable, &str),
    begin: &Begin,
    columns: impl Iterator<Item = &'a str>,
) -> Result<String, Error> {
    let database: String = queries::value(connection, sql!("current_database"), &[], "name")?;
    let names = Names { cluster: &server::system_identifier(), database: &database, schema, table, partition, begin };
    let template = options.path_template.as_deref().unwrap_or(default_template(begin));
    let folder = fill(template, &names).map_err(PolicyError::from)?;
    refuse_columns(template, &folder, columns).map_err(PolicyError::from)?;
    Ok(folder)
}

/// Returns the uppermost partitioned table, or the table itself if it is not a partition.
fn top(connection: &Connection, table: u32) -> Result<TopTable, Error> {
    queries::one(connection, &[Arg::Int(table.into())])
}

query! {
    /// A level of a partition: the type of its key and its bound.
    struct Level = "partition_levels" {
        key: String,
        bound: String,
    }
}

/// Returns the levels of a partition, from its own upwards.
fn levels(connection: &Connection, partition: u32) -> Result<Vec<Level>, Error> {
    queries::rows(connection, &[Arg::Int(partition.into())])
}

/// Returns whether keys of a type are times.
fn is_time(key: &str, options: &Options) -> bool {
    instant(key, options).is_some()
}

/// Returns SQL that converts `$1`, the text of a key, to local time in the time zone `$2`.
fn instant(key: &str, options: &Options) -> Option<String> {
    Some(match (key, options.epoch) {
        ("date", _) => "$1::date::timestamp".to_owned(),
        ("timestamp without time zone", _) => "$1::timestamp".to_owned(),
        ("timestamp with time zone", _) => "$1::timestamptz AT TIME ZONE $2".to_owned(),
        ("smallint" | "integer" | "bigint", Some(epoch)) => {
            let seconds = format!("$1::float8 / {}", epoch.per_second());
            // Years outside of 1 to 9999 do not count as times.
            format!(
                "CASE WHEN {seconds} BETWEEN -62135596800 AND 253402300799 THEN pg_catalog.to_timestamp({seconds}) END AT TIME ZONE $2"
            )
        }
        _ => return None,
    })
}

/// Returns when a partition begins: the lower bound, or the only value, of the nearest level with times. For a DEFAULT
/// partition, the start of its slice.
fn begin(connection: &Connection, levels: &[Level], slice: Option<&Slice>, options: &Options) -> Result<Begin, Error> {
    let mut begin = Begin::Timeless;
    for (at, Level { key, bound }) in levels.iter().enumerate() {
        let Some(instant) = instant(key, options) else { continue };
        let value = match parse(bound) {
            Some(Bound::Default) if at == 0 => slice.map(|slice| slice.lower.clone()),
            Some(Bound::Range { lower: End::Value(value), .. }) => Some(value),
            Some(Bound::List(values)) => match values.as_slice() {
                [Some(value)] => Some(value.clone()),
                _ => None,
            },
            _ => None,
        };
        begin = Begin::Open;
        let Some(value) = value else { continue };
        let sql = queries::fill(sql!("partition_begin"), &[("instant", &instant)])?;
        let text: Option<String> =
            connection.value(&sql, &[Arg::Text(&value), Arg::Text(&options.time_zone)], "begin")?;
        if let Some(date) = text.as_deref().and_then(Date::parse) {
            return Ok(Begin::At(date));
        }
    }
    Ok(begin)
}
