//! Reads the server's counters and estimates for lint rules: only those that the chosen rules need.

use std::collections::BTreeSet;

use pgmeta_core::cells::take;
use pgmeta_lint::{ColumnFacts, DatabaseFacts, IndexFacts, Named, Need, Statistics, TableFacts};

use crate::catalog::schemas::schemas;
use crate::encoding;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::{Arg, Connection};

/// Reads the statistics of these schemas (`None`: all except the system's). The caller adds data of saved snapshots.
pub fn statistics(wanted: Option<&[String]>, needs: &BTreeSet<Need>) -> Result<Statistics, Error> {
    let mut statistics = Statistics::default();
    if needs.is_empty() {
        return Ok(statistics);
    }
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let args = [Arg::Oids(&schemas(&connection, wanted)?)];
    server(&connection, &mut statistics)?;
    if needs.contains(&Need::Tables) {
        tables(&connection, &args, &mut statistics)?;
    }
    if needs.contains(&Need::Indexes) {
        indexes(&connection, &args, &mut statistics)?;
    }
    if needs.contains(&Need::Columns) {
        columns(&connection, &args, &mut statistics)?;
    }
    if needs.contains(&Need::Sequences) {
        sequences(&connection, &args, &mut statistics)?;
    }
    if needs.contains(&Need::Extensions) {
        extensions(&connection, &mut statistics)?;
    }
    // The model contains no names with invalid bytes.
    encoding::take_marked();
    Ok(statistics)
}

fn add<T>(named: &mut Option<Named<T>>, schema: String, name: String, facts: T) {
    named.get_or_insert_default().entry(schema).or_default().insert(name, facts);
}

fn server(connection: &Connection, statistics: &mut Statistics) -> Result<(), Error> {
    let columns = ["seconds_since_reset", "standby", "has_standbys", "name", "age", "freeze_max_age"];
    connection.read_marked(include_str!("queries/statistics_of_server.sql"), &[], &columns, |cells| {
        statistics.seconds_since_reset = take(cells, "seconds_since_reset")?;
        statistics.standby = take(cells, "standby")?;
        statistics.has_standbys = take(cells, "has_standbys")?;
        let name = take(cells, "name")?;
        let facts = DatabaseFacts { age: take(cells, "age")?, freeze_max_age: take(cells, "freeze_max_age")? };
        statistics.databases.get_or_insert_default().insert(name, facts);
        Ok(())
    })
}

fn tables(connection: &Connection, args: &[Arg<'_>], statistics: &mut Statistics) -> Result<(), Error> {
    let columns = [
        "schema",
        "name",
        "rows",
        "bytes",
        "bloat_bytes",
        "seq_scans",
        "seq_rows",
        "index_scans",
        "writes",
        "age",
        "hidden",
    ];
    statistics.tables = Some(Named::default());
    connection.read_marked(include_str!("queries/statistics_of_tables.sql"), args, &columns, |cells| {
        let (schema, name) = (take(cells, "schema")?, take(cells, "name")?);
        let facts = TableFacts {
            rows: take(cells, "rows")?,
            bytes: take(cells, "bytes")?,
            bloat_bytes: take(cells, "bloat_bytes")?,
            seq_scans: take(cells, "seq_scans")?,
            seq_rows: take(cells, "seq_rows")?,
            index_scans: take(cells, "index_scans")?,
            writes: take(cells, "writes")?,
            age: take(cells, "age")?,
        };
        if take(cells, "hidden")? {
            statistics.hidden_tables += 1;
        }
        add(&mut statistics.tables, schema, name, facts);
        Ok(())
    })
}

fn indexes(connection: &Connection, args: &[Arg<'_>], statistics: &mut Statistics) -> Result<(), Error> {
    let columns = ["schema", "name", "scans", "bytes", "bloat_bytes", "in_progress"];
    statistics.indexes = Some(Named::default());
    connection.read_marked(include_str!("queries/statistics_of_indexes.sql"), args, &columns, |cells| {
        let (schema, name) = (take(cells, "schema")?, take(cells, "name")?);
        let facts = IndexFacts {
            scans: take(cells, "scans")?,
            bytes: take(cells, "bytes")?,
            bloat_bytes: take(cells, "bloat_bytes")?,
            in_progress: take(cells, "in_progress")?,
        };
        add(&mut statistics.indexes, schema, name, facts);
        Ok(())
    })
}

fn columns(connection: &Connection, args: &[Arg<'_>], statistics: &mut Statistics) -> Result<(), Error> {
    let columns = ["schema", "relation", "name", "null_fraction", "distinct"];
    let found = statistics.columns.insert(Named::default());
    connection.read_marked(include_str!("queries/statistics_of_columns.sql"), args, &columns, |cells| {
        let (schema, relation): (String, String) = (take(cells, "schema")?, take(cells, "relation")?);
        let name = take(cells, "name")?;
        let facts = ColumnFacts { null_fraction: take(cells, "null_fraction")?, distinct: take(cells, "distinct")? };
        found.entry(schema).or_default().entry(relation).or_default().insert(name, facts);
        Ok(())
    })
}

fn sequences(connection: &Connection, args: &[Arg<'_>], statistics: &mut Statistics) -> Result<(), Error> {
    let columns = ["schema", "name", "last_value"];
    statistics.sequences = Some(Named::default());
    connection.read_marked(include_str!("queries/statistics_of_sequences.sql"), args, &columns, |cells| {
        let (schema, name) = (take(cells, "schema")?, take(cells, "name")?);
        add(&mut statistics.sequences, schema, name, take(cells, "last_value")?);
        Ok(())
    })
}

fn extensions(connection: &Connection, statistics: &mut Statistics) -> Result<(), Error> {
    let found = statistics.extensions.insert(Default::default());
    connection.read_marked(include_str!("queries/available_versions.sql"), &[], &["name", "version"], |cells| {
        found.insert(take(cells, "name")?, take(cells, "version")?);
        Ok(())
    })
}
