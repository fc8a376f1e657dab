//! The types of archived columns: whether they are here, what they are made of, and what of that is composite.

use pgmeta_archive::composite::{Attribute, Composite};
use pgmeta_archive::manifest::Column;
use pgmeta_core::cells::take;
use pgmeta_core::ident::ident;
use pgrx::PgSqlErrorCode;

use crate::error::Error;
use crate::spi::{Arg, Connection, Latest, attempt};

/// SQL for the relation `parts`: each type that values of a column of the table `$1` have, or have within, and whether it is what an
/// array, a domain or a range is of, or in such.
pub const PARTS: &str = "WITH RECURSIVE parts (column_name, oid, within) AS ( \
        SELECT a.attname::pg_catalog.text, a.atttypid, false FROM pg_catalog.pg_attribute a \
        WHERE a.attrelid = $1::pg_catalog.oid AND a.attnum > 0 AND NOT a.attisdropped \
        UNION SELECT t.column_name, p.oid, t.within OR p.within FROM parts t, LATERAL ( \
            SELECT y.typbasetype, true FROM pg_catalog.pg_type y WHERE y.oid = t.oid AND y.typbasetype <> 0 \
            UNION ALL SELECT y.typelem, true FROM pg_catalog.pg_type y WHERE y.oid = t.oid AND y.typelem <> 0 \
            UNION ALL SELECT a.atttypid, false FROM pg_catalog.pg_type y JOIN pg_catalog.pg_attribute a ON a.attrelid = y.typrelid \
                WHERE y.oid = t.oid AND y.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped \
            UNION ALL SELECT r.rngsubtype, true FROM pg_catalog.pg_range r WHERE r.rngtypid = t.oid OR r.rngmultitypid = t.oid \
        ) AS p (oid, within))";

/// Returns the composite types in the columns of a table, all or those that are named. The caller has pinned the settings, so that
/// types are spelled with their schemas.
pub fn composites_of(connection: &Connection, table: u32, wanted: Option<&[String]>) -> Result<Vec<Composite>, Error> {
    let find = format!(
        "{PARTS} SELECT pg_catalog.format_type(y.oid, NULL) AS name, c.columns, c.within, a.attname AS attribute, \
            pg_catalog.format_type(a.atttypid, a.atttypmod) AS data_type \
        FROM (SELECT p.oid, pg_catalog.array_agg(DISTINCT p.column_name) AS columns, pg_catalog.bool_or(p.within) AS within \
            FROM parts p WHERE $3 <> 0 OR p.column_name = ANY ($2) GROUP BY p.oid) c \
        JOIN pg_catalog.pg_type y ON y.oid = c.oid AND y.typtype = 'c' \
        LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = y.typrelid AND a.attnum > 0 AND NOT a.attisdropped \
        ORDER BY pg_catalog.format_type(y.oid, NULL) COLLATE \"C\", a.attnum"
    );
    let _latest = Latest::committed();
    let mut found: Vec<Composite> = Vec::new();
    let names = ["name", "columns", "within", "attribute", "data_type"];
    let args = [Arg::Int(table.into()), Arg::Texts(wanted.unwrap_or_default()), Arg::Int(wanted.is_none().into())];
    connection.read(&find, &args, &names, |cells| {
        let name: String = take(cells, "name")?;
        let columns: Vec<Option<String>> = take(cells, "columns")?;
        let within = take(cells, "within")?;
        let attribute: (Option<String>, Option<String>) = (take(cells, "attribute")?, take(cells, "data_type")?);
        if found.last().is_none_or(|last| last.name != name) {
            let columns = columns.into_iter().flatten().collect();
            found.push(Composite { name, columns, within, attributes: Vec::new() });
        }
        if let ((Some(name), Some(data_type)), Some(last)) = (attribute, found.last_mut()) {
            last.attributes.push(Attribute { name, data_type });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Returns the attributes that a type of this name has, none if it is not composite; `None` where there is no such type.
pub fn attributes_of(connection: &Connection, name: &str) -> Result<Option<Vec<Attribute>>, Error> {
    const FIND: &str = "SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS data_type \
        FROM pg_catalog.pg_type y LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = y.typrelid AND y.typrelid <> 0 \
            AND a.attnum > 0 AND NOT a.attisdropped \
        WHERE y.oid = pg_catalog.to_regtype($1) ORDER BY a.attnum";
    let mut found: Option<Vec<Attribute>> = None;
    connection.read(FIND, &[Arg::Text(name)], &["name", "data_type"], |cells| {
        let attribute: (Option<String>, Option<String>) = (take(cells, "name")?, take(cells, "data_type")?);
        let attributes = found.get_or_insert_default();
        if let (Some(name), Some(data_type)) = attribute {
            attributes.push(Attribute { name, data_type });
        }
        Ok(())
    })?;
    Ok(found)
}

/// Returns the type of an archived column, `None` where it is not here. A text that is not exactly one type is an error: the manifest may
/// have come from elsewhere, and its text becomes a part of a statement.
pub fn of_column(connection: &Connection, column: &Column) -> Result<Option<u32>, Error> {
    const TYPE: &str = "SELECT pg_catalog.to_regtype($1)::pg_catalog.oid AS oid";
    let found = attempt(|| connection.value::<Option<u32>>(TYPE, &[Arg::Text(&column.data_type)], "oid"));
    match found {
        // What SETOF and the like mean is not for a column.
        Ok(found) if !column.data_type.trim_start().to_ascii_lowercase().starts_with("setof ") => Ok(found.flatten()),
        _ => Err(Error::from_parts(
            PgSqlErrorCode::ERRCODE_DATA_CORRUPTED,
            &format!("the type of its column {} is none", ident(&column.name)),
            "",
        )),
    }
}
