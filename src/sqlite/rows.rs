//! The rows of a schema, as SQLite itself returns them: by its pragmas, which are tables, and by what it knows of a column.

use pgmeta_definition::{
    SqliteColumn, SqliteForeignKey, SqliteGenerated, SqliteIndex, SqliteIndexColumn, SqliteOptions, SqliteOrigin,
    SqliteSchema, SqliteTable, SqliteTrigger, SqliteView,
};
use rusqlite::{Connection, Row};

use super::error::SqliteError;

const TABLES: &str = "SELECT l.name, l.type, l.wr, l.strict, s.sql
  FROM pragma_table_list l JOIN sqlite_schema s ON s.name = l.name AND s.type = 'table'
  WHERE l.schema = 'main' AND l.name NOT LIKE 'sqlite#_%' ESCAPE '#' ORDER BY s.rowid";

const OTHERS: &str = "SELECT name, tbl_name, sql FROM sqlite_schema WHERE type = ?1 AND sql IS NOT NULL ORDER BY rowid";

const COLUMNS: &str = "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) ORDER BY cid";

/// SQLite lists the latest first.
const INDEXES: &str = "SELECT l.name, l.\"unique\", l.origin, s.sql
  FROM pragma_index_list(?1) l LEFT JOIN sqlite_schema s ON s.name = l.name AND s.type = 'index' ORDER BY l.seq DESC";

const INDEX_COLUMNS: &str = "SELECT name, \"desc\", coll FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno";

const FOREIGN_KEYS: &str = "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list(?1) ORDER BY id DESC, seq";

const VIOLATIONS: &str = "SELECT fkid, count(*) FROM pragma_foreign_key_check(?1) GROUP BY fkid";

/// Reads the schema of a database.
pub fn schema(connection: &Connection, has_log: bool, options: &SqliteOptions) -> Result<SqliteSchema, SqliteError> {
    let mut tables = list(connection, TABLES, [], |row| {
        Ok(SqliteTable {
            name: row.get("name")?,
            sql: row.get("sql")?,
            is_virtual: row.get::<_, String>("type")? != "table",
            is_strict: row.get("strict")?,
            without_rowid: row.get("wr")?,
            ..SqliteTable::default()
        })
    })?;
    // SQLite would load the module of a virtual table to tell its columns.
    for table in tables.iter_mut().filter(|own| !own.is_virtual) {
        table.columns = columns(connection, &table.name)?;
        table.indexes = indexes(connection, &table.name)?;
        table.foreign_keys = foreign_keys(connection, &table.name, options)?;
    }
    let views =
        list(connection, OTHERS, ["view"], |row| Ok(SqliteView { name: row.get("name")?, sql: row.get("sql")? }))?;
    let triggers = list(connection, OTHERS, ["trigger"], |row| {
        Ok(SqliteTrigger { name: row.get("name")?, table: row.get("tbl_name")?, sql: row.get("sql")? })
    })?;
    Ok(SqliteSchema { tables, views, triggers, has_log })
}

/// Returns the rows of a query.
fn list<T>(
    connection: &Connection,
    query: &str,
    arguments: impl rusqlite::Params,
    read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
) -> Result<Vec<T>, SqliteError> {
    let mut statement = connection.prepare(query)?;
    let rows = statement.query_map(arguments, read)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<SqliteColumn>, SqliteError> {
    let mut all = list(connection, COLUMNS, [table], |row| {
        let generated = match row.get("hidden")? {
            2 => Some(SqliteGenerated::Virtual),
            3 => Some(SqliteGenerated::Stored),
            _ => None,
        };
        Ok(SqliteColumn {
            name: row.get("name")?,
            data_type: row.get::<_, Option<String>>("type")?.unwrap_or_default(),
            not_null: row.get("notnull")?,
            default: row.get("dflt_value")?,
            key_position: row.get("pk")?,
            generated,
            ..SqliteColumn::default()
        })
    })?;
    for own in &mut all {
        let (_, collation, _, _, autoincrement) = connection.column_metadata(Some("main"), table, &own.name)?;
        own.collation = collation.and_then(|name| name.to_str().map(str::to_owned).ok()).unwrap_or_default();
        own.autoincrement = autoincrement;
    }
    Ok(all)
}

fn indexes(connection: &Connection, table: &str) -> Result<Vec<SqliteIndex>, SqliteError> {
    let mut all = list(connection, INDEXES, [table], |row| {
        let origin = match row.get::<_, String>("origin")?.as_str() {
            "u" => SqliteOrigin::Unique,
            "pk" => SqliteOrigin::PrimaryKey,
            _ => SqliteOrigin::Statement,
        };
        let columns = Vec::new();
        Ok(SqliteIndex { name: row.get("name")?, is_unique: row.get("unique")?, origin, sql: row.get("sql")?, columns })
    })?;
    for own in &mut all {
        own.columns = list(connection, INDEX_COLUMNS, [&own.name], |row| {
            Ok(SqliteIndexColumn {
                name: row.get("name")?,
                descending: row.get("desc")?,
                collation: row.get::<_, Option<String>>("coll")?.unwrap_or_default(),
            })
        })?;
    }
    Ok(all)
}

fn foreign_keys(
    connection: &Connection,
    table: &str,
    options: &SqliteOptions,
) -> Result<Vec<SqliteForeignKey>, SqliteError> {
    let parts = list(connection, FOREIGN_KEYS, [table], |row| {
        let to: Option<String> = row.get("to")?;
        let own = SqliteForeignKey {
            table: row.get("table")?,
            columns: vec![row.get("from")?],
            references: to.into_iter().collect(),
            on_update: row.get("on_update")?,
            on_delete: row.get("on_delete")?,
            violations: 0,
        };
        Ok((row.get::<_, i64>("id")?, own))
    })?;
    let mut all: Vec<(i64, SqliteForeignKey)> = Vec::new();
    for (id, part) in parts {
        match all.last_mut().filter(|(last, _)| *last == id) {
            Some((_, own)) => {
                own.columns.extend(part.columns);
                own.references.extend(part.references);
            }
            None => all.push((id, part)),
        }
    }
    if options.check_rows && !all.is_empty() {
        let counts =
            match list(connection, VIOLATIONS, [table], |row| Ok((row.get::<_, i64>(0)?, row.get::<_, i64>(1)?))) {
                // What a key refers to has no unique key: SQLite could not write rows either.
                Err(SqliteError::Invalid(message)) if message.starts_with("foreign key mismatch") => Vec::new(),
                counts => counts?,
            };
        for (id, own) in &mut all {
            own.violations = counts.iter().find(|(other, _)| other == id).map_or(0, |(_, count)| count.unsigned_abs());
        }
    }
    Ok(all.into_iter().map(|(_, own)| own).collect())
}
