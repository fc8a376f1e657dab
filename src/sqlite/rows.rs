//! The rows of a schema, as SQLite itself returns them: by its pragmas, which are tables, and by what it knows of a column.
//! Prepares no statement of the database.

use pgmeta_definition::{
    SqliteColumn, SqliteForeignKey, SqliteGenerated, SqliteIndex, SqliteIndexColumn, SqliteOptions, SqliteOrigin,
    SqliteSchema, SqliteTable, SqliteTrigger, SqliteView,
};
use rusqlite::{Connection, Row};
use rustc_hash::FxHashMap;

use super::error::SqliteError;

/// No pragma lists the tables: table_list prepares all views and virtual tables, which no progress handler ends.
const STATEMENTS: &str = "SELECT type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid";

const COLUMNS: &str = "SELECT name, type, \"notnull\", dflt_value, pk, hidden FROM pragma_table_xinfo(?1) ORDER BY cid";

/// SQLite lists the latest first.
const INDEXES: &str = "SELECT name, \"unique\", origin FROM pragma_index_list(?1) ORDER BY seq DESC";

const INDEX_COLUMNS: &str = "SELECT name, \"desc\", coll FROM pragma_index_xinfo(?1) WHERE key ORDER BY seqno";

const FOREIGN_KEYS: &str = "SELECT id, \"table\", \"from\", \"to\", on_update, on_delete FROM pragma_foreign_key_list(?1) ORDER BY id DESC, seq";

const VIOLATIONS: &str = "SELECT fkid, count(*) FROM pragma_foreign_key_check(?1) GROUP BY fkid";

/// A row of the schema.
struct Statement {
    kind: String,
    name: String,
    table: String,
    root: i64,
    sql: String,
}

/// Reads the schema of a database.
pub fn schema(connection: &Connection, has_log: bool, options: &SqliteOptions) -> Result<SqliteSchema, SqliteError> {
    let mut schema = SqliteSchema { has_log, ..SqliteSchema::default() };
    let mut index_texts: FxHashMap<String, String> = FxHashMap::default();
    for Statement { kind, name, table, root, sql } in statements(connection)? {
        match kind.as_str() {
            "table" if !is_internal(&name) => {
                let own = SqliteTable { name, sql, ..SqliteTable::default() };
                // A module has the rows of what has no pages.
                schema.tables.push(SqliteTable { is_virtual: root == 0 || !own.is_ordinary(), ..own });
            }
            "index" => {
                index_texts.insert(name, sql);
            }
            "view" => schema.views.push(SqliteView { name, sql }),
            "trigger" => schema.triggers.push(SqliteTrigger { name, table, sql }),
            _ => {}
        }
    }
    schema.mark_shadows();
    // SQLite would load the module of a virtual table to tell its columns.
    for table in schema.tables.iter_mut().filter(|own| !own.is_virtual) {
        table.columns = columns(connection, &table.name)?;
        table.indexes = indexes(connection, &table.name, &mut index_texts)?;
        // Each row would run the expression of the column, and one step of a program may take minutes.
        let is_computed = table.columns.iter().any(|own| own.generated == Some(SqliteGenerated::Virtual));
        let checks = options.check_rows && !is_computed;
        table.foreign_keys = foreign_keys(connection, &table.name, checks)?;
        table.rows_not_checked = options.check_rows && is_computed && !table.foreign_keys.is_empty();
    }
    Ok(schema)
}

/// Returns the rows of the schema that have a statement.
fn statements(connection: &Connection) -> Result<Vec<Statement>, SqliteError> {
    let rows = list(connection, STATEMENTS, [], |row| {
        let text = |column| row.get::<_, Option<String>>(column);
        let (kind, name, table) = (text("type")?, text("name")?, text("tbl_name")?);
        let (kind, name, table) = (kind.unwrap_or_default(), name.unwrap_or_default(), table.unwrap_or_default());
        let root = row.get::<_, Option<i64>>("rootpage")?.unwrap_or_default();
        Ok(text("sql")?.map(|sql| Statement { kind, name, table, root, sql }))
    })?;
    let all: Vec<Statement> = rows.into_iter().flatten().collect();
    for own in &all {
        // SQLite reads to there, and neither JSON of the server nor a name can have it.
        if [&own.name, &own.table, &own.sql].iter().any(|text| text.contains('\0')) {
            return Err(SqliteError::NullCharacter { kind: own.kind.clone(), name: own.name.replace('\0', "") });
        }
    }
    Ok(all)
}

/// Returns whether a table is one of SQLite's own.
fn is_internal(name: &str) -> bool {
    name.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("sqlite_"))
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

fn indexes(
    connection: &Connection,
    table: &str,
    texts: &mut FxHashMap<String, String>,
) -> Result<Vec<SqliteIndex>, SqliteError> {
    let mut all = list(connection, INDEXES, [table], |row| {
        let origin = match row.get::<_, String>("origin")?.as_str() {
            "u" => SqliteOrigin::Unique,
            "pk" => SqliteOrigin::PrimaryKey,
            _ => SqliteOrigin::Statement,
        };
        Ok(SqliteIndex { name: row.get("name")?, is_unique: row.get("unique")?, origin, ..SqliteIndex::default() })
    })?;
    for own in &mut all {
        own.sql = texts.remove(&own.name);
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

fn foreign_keys(connection: &Connection, table: &str, checks: bool) -> Result<Vec<SqliteForeignKey>, SqliteError> {
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
    if checks && !all.is_empty() {
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
