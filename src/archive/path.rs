//! Where a partition's files go: the folder that the path template makes of names and of the time at which the partition begins.

use pgmeta_archive::bound::{Bound, End, parse};
use pgmeta_archive::manifest::Slice;
use pgmeta_archive::options::Options;
use pgmeta_archive::template::{Begin, Date, Names, TemplateError, default_template, fill, refuse_columns};
use pgmeta_core::cells::take;
use pgrx::PgSqlErrorCode;

use crate::archive::partition::Partition;
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

/// Refuses what could not work for any partition of a table.
pub fn check(connection: &Connection, parent: u32, options: &Options) -> Result<(), Error> {
    const KEYS: &str = "WITH RECURSIVE tree AS ( \
            SELECT $1::oid AS oid UNION ALL SELECT i.inhrelid FROM tree t JOIN pg_catalog.pg_inherits i ON i.inhparent = t.oid), \
        tables AS (SELECT t.oid FROM tree t UNION SELECT a.relid::oid FROM pg_catalog.pg_partition_ancestors($1::oid::regclass) a) \
        SELECT DISTINCT pg_catalog.format_type(o.opcintype, NULL) AS key FROM tables t \
        JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = t.oid AND p.partstrat IN ('r', 'l') \
        JOIN pg_catalog.pg_opclass o ON o.oid = p.partclass[0]";
    const COLUMNS: &str = "SELECT a.attname AS name FROM pg_catalog.pg_attribute a \
        WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped";
    let mut begin = Begin::Timeless;
    connection.read(KEYS, &[Arg::Int(parent.into())], &["key"], |cells| {
        if is_time(&take::<String>(cells, "key")?, options) {
            begin = Begin::Open;
        }
        Ok(())
    })?;
    let mut columns: Vec<String> = Vec::new();
    connection.read(COLUMNS, &[Arg::Int(parent.into())], &["name"], |cells| {
        columns.push(take(cells, "name")?);
        Ok(())
    })?;
    let top = top(connection, parent)?;
    let columns = columns.iter().map(String::as_str);
    filled(connection, options, (&top, "p"), &begin, columns).map(drop)
}

/// The schema and the name of a table.
type TableName = (String, String);

fn filled<'a>(
    connection: &Connection,
    options: &Options,
    ((schema, table), partition): (&TableName, &str),
    begin: &Begin,
    columns: impl Iterator<Item = &'a str>,
) -> Result<String, Error> {
    const DATABASE: &str = "SELECT pg_catalog.current_database()::text AS name";
    let database: String = connection.value(DATABASE, &[], "name")?.unwrap_or_default();
    let names = Names { cluster: &server::system_identifier(), database: &database, schema, table, partition, begin };
    let template = options.path_template.as_deref().unwrap_or(default_template(begin));
    let folder = fill(template, &names).map_err(refused)?;
    refuse_columns(template, &folder, columns).map_err(refused)?;
    Ok(folder)
}

fn refused(error: TemplateError) -> Error {
    Error::from_parts(PgSqlErrorCode::ERRCODE_INVALID_PARAMETER_VALUE, &error.to_string(), &error.hint())
}

/// Returns the uppermost partitioned table, or a table that is not a partition.
fn top(connection: &Connection, table: u32) -> Result<TableName, Error> {
    const TOP: &str = "SELECT n.nspname AS schema, c.relname AS name FROM pg_catalog.pg_class c \
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
        WHERE c.oid = COALESCE(pg_catalog.pg_partition_root($1::oid::regclass)::oid, $1::oid)";
    let mut found = None;
    connection.read(TOP, &[Arg::Int(table.into())], &["schema", "name"], |cells| {
        found = Some((take(cells, "schema")?, take(cells, "name")?));
        Ok(())
    })?;
    found.ok_or(Error::Spi(0))
}

/// A partition among those beside it, by what their table is partitioned by.
struct Level {
    key: String,
    bound: String,
}

/// Returns a partition's own level, and those above it.
fn levels(connection: &Connection, partition: u32) -> Result<Vec<Level>, Error> {
    const LEVELS: &str = "SELECT pg_catalog.format_type(o.opcintype, NULL) AS key, pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound \
        FROM pg_catalog.pg_partition_ancestors($1::oid::regclass) WITH ORDINALITY AS a (relid, at) \
        JOIN pg_catalog.pg_class c ON c.oid = a.relid AND c.relispartition \
        JOIN pg_catalog.pg_inherits i ON i.inhrelid = c.oid \
        JOIN pg_catalog.pg_partitioned_table p ON p.partrelid = i.inhparent AND p.partstrat IN ('r', 'l') \
        JOIN pg_catalog.pg_opclass o ON o.oid = p.partclass[0] ORDER BY a.at";
    let mut levels = Vec::new();
    connection.read(LEVELS, &[Arg::Int(partition.into())], &["key", "bound"], |cells| {
        levels.push(Level { key: take(cells, "key")?, bound: take(cells, "bound")? });
        Ok(())
    })?;
    Ok(levels)
}

/// Returns whether keys of a type are times.
fn is_time(key: &str, options: &Options) -> bool {
    instant(key, options).is_some()
}

/// Returns SQL for the local time that `$1`, a text, is as a key of a type; `$2` is the time zone.
fn instant(key: &str, options: &Options) -> Option<String> {
    Some(match (key, options.epoch) {
        ("date", _) => "$1::date::timestamp".to_owned(),
        ("timestamp without time zone", _) => "$1::timestamp".to_owned(),
        ("timestamp with time zone", _) => "$1::timestamptz AT TIME ZONE $2".to_owned(),
        ("smallint" | "integer" | "bigint", Some(epoch)) => {
            let seconds = format!("$1::float8 / {}", epoch.per_second());
            // A value beyond the years 1 to 9999 does not count as a time.
            format!(
                "CASE WHEN {seconds} BETWEEN -62135596800 AND 253402300799 THEN pg_catalog.to_timestamp({seconds}) END AT TIME ZONE $2"
            )
        }
        _ => return None,
    })
}

/// Returns when a partition begins: by the lower bound of the nearest level that is by time, or its only value. Of a DEFAULT
/// partition, which has none, its slice begins.
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
        let sql = format!(
            "SELECT pg_catalog.to_char(v.at, 'YYYY-MM-DD HH24') AS begin FROM (SELECT {instant} AS at, $2::text AS zone) v \
            WHERE pg_catalog.isfinite(v.at) AND v.at >= '0001-01-01'"
        );
        let text: Option<String> =
            connection.value(&sql, &[Arg::Text(&value), Arg::Text(&options.time_zone)], "begin")?;
        if let Some(date) = text.as_deref().and_then(Date::parse) {
            return Ok(Begin::At(date));
        }
    }
    Ok(begin)
}
