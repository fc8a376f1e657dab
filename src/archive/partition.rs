//! What there is to know of a table that is archived.

use pgmeta_archive::format::Format;
use pgmeta_core::ident::{ident, qualified};
use pgmeta_core::rows::take;
use pgrx::PgSqlErrorCode;

use crate::error::Error;
use crate::spi::{Arg, Connection};

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    pub data_type: String,
    pub generated: bool,
    /// Its type is a domain.
    pub domain: bool,
    /// The type below domains: its name where it is the server's own, `enum`, or nothing.
    pub base: String,
    pub typmod: i32,
    /// The type, or one that it is made of, has a cast to json, which `to_json` would take: what that says can be anything.
    pub casts_to_json: bool,
    /// There is a function that sends its values.
    pub sends: bool,
    /// Some format says less than its values, or the server cannot read what it has written.
    pub loses: Option<Loses>,
}

#[derive(Clone, Copy, Debug)]
pub enum Loses {
    /// JSONL: JSON's own null is taken for NULL.
    JsonNull,
    /// JSONL: an array begins with 1.
    LowerBounds,
    /// Binary: the server sends an empty tsquery and does not receive it.
    EmptyQuery,
}

#[derive(Clone, Debug)]
pub struct Partition {
    pub oid: u32,
    pub schema: String,
    pub name: String,
    pub owner: String,
    pub owner_oid: u32,
    pub parent: Option<Parent>,
    pub bound: Option<String>,
    pub columns: Vec<Column>,
    /// About so many rows, and bytes with TOAST.
    pub rows: i64,
    pub bytes: i64,
}

#[derive(Clone, Debug)]
pub struct Parent {
    pub oid: u32,
    pub schema: String,
    pub name: String,
}

impl Parent {
    pub fn quoted(&self) -> String {
        qualified(&self.schema, &self.name)
    }
}

impl Partition {
    /// Reads a table with storage of its own; others are errors.
    pub fn read(connection: &Connection, oid: u32) -> Result<Self, Error> {
        const FIND: &str = "SELECT n.nspname AS schema, c.relname AS name, c.relkind::text AS kind, \
                c.relowner AS owner_oid, pg_catalog.pg_get_userbyid(c.relowner) AS owner, \
                pg_catalog.pg_get_expr(c.relpartbound, c.oid) AS bound, p.oid AS parent_oid, pn.nspname AS parent_schema, p.relname AS parent_name, COALESCE(i.inhdetachpending, false) AS pending, \
                GREATEST(c.reltuples, 0)::int8 AS rows, COALESCE(pg_catalog.pg_table_size(c.oid), 0) AS bytes \
            FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
            LEFT JOIN pg_catalog.pg_inherits i ON c.relispartition AND i.inhrelid = c.oid \
            LEFT JOIN pg_catalog.pg_class p ON p.oid = i.inhparent \
            LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace WHERE c.oid = $1::oid";
        let names = [
            "schema",
            "name",
            "kind",
            "owner_oid",
            "owner",
            "bound",
            "parent_oid",
            "parent_schema",
            "parent_name",
            "pending",
            "rows",
            "bytes",
        ];
        let mut found = None;
        connection.read(FIND, &[Arg::Int(oid.into())], &names, |cells| {
            let (schema, name): (String, String) = (take(cells, "schema")?, take(cells, "name")?);
            let kind: String = take(cells, "kind")?;
            let (owner_oid, owner): (u32, String) = (take(cells, "owner_oid")?, take(cells, "owner")?);
            let bound: Option<String> = take(cells, "bound")?;
            let above: Option<u32> = take(cells, "parent_oid")?;
            let of: (Option<String>, Option<String>) = (take(cells, "parent_schema")?, take(cells, "parent_name")?);
            let parent = match (above, of) {
                (Some(oid), (Some(schema), Some(name))) => Some(Parent { oid, schema, name }),
                _ => None,
            };
            let pending: bool = take(cells, "pending")?;
            let (rows, bytes) = (take(cells, "rows")?, take(cells, "bytes")?);
            let columns = Vec::new();
            found = Some((
                Self { oid, schema, name, owner, owner_oid, parent, bound, columns, rows, bytes },
                kind,
                pending,
            ));
            Ok(())
        })?;
        let Some((mut partition, kind, pending)) = found else {
            return Err(Error::Missing {
                what: format!("relation with OID {oid}"),
                hint: String::new(),
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE,
            });
        };
        let wrong = |what: &str, hint: &str| {
            let message = format!("{} {what}", partition.quoted());
            Err(Error::from_parts(PgSqlErrorCode::ERRCODE_WRONG_OBJECT_TYPE, &message, hint))
        };
        match kind.as_str() {
            "r" => {}
            "p" => return wrong("is a partitioned table", "Archive its partitions, or make a policy for it."),
            "f" => return wrong("is a foreign table", "Its rows are not in this server."),
            _ => return wrong("is not a table", "Only tables and partitions have rows to archive."),
        }
        if pending {
            return Err(Error::from_parts(
                PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE,
                &format!("{} is pending detach", partition.quoted()),
                "ALTER TABLE … DETACH PARTITION … FINALIZE ends an interrupted DETACH CONCURRENTLY.",
            ));
        }
        partition.columns = columns(connection, oid)?;
        Ok(partition)
    }

    pub fn quoted(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Returns the columns that files hold: those that are asked for, and in COPY's formats no generated ones.
    pub fn stored_columns(&self, wanted: Option<&[String]>, format: Format) -> Result<Vec<&Column>, Error> {
        let is_stored = |column: &&Column| !matches!(format, Format::Csv | Format::Binary) || !column.generated;
        let Some(wanted) = wanted else { return Ok(self.columns.iter().filter(is_stored).collect()) };
        let find = |name: &String| {
            self.columns.iter().find(|column| column.name == *name).ok_or_else(|| Error::Missing {
                what: format!("column {} of {}", ident(name), self.quoted()),
                hint: "The option columns names it.".into(),
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_COLUMN,
            })
        };
        let columns = wanted.iter().map(find).collect::<Result<Vec<_>, _>>()?;
        Ok(columns.into_iter().filter(is_stored).collect())
    }
}

fn columns(connection: &Connection, oid: u32) -> Result<Vec<Column>, Error> {
    const COLUMNS: &str = "WITH RECURSIVE base AS ( \
            SELECT a.attnum, a.atttypid AS oid, a.atttypmod AS typmod \
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped \
            UNION ALL SELECT b.attnum, t.typbasetype, t.typtypmod \
            FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype = 'd'), \
        parts AS ( \
            SELECT b.attnum, b.oid FROM base b \
            UNION SELECT p.attnum, o.oid FROM parts p, LATERAL ( \
                SELECT y.typbasetype FROM pg_catalog.pg_type y WHERE y.oid = p.oid AND y.typbasetype <> 0 \
                UNION ALL SELECT y.typelem FROM pg_catalog.pg_type y WHERE y.oid = p.oid AND y.typelem <> 0 AND y.typcategory = 'A' \
                UNION ALL SELECT a.atttypid FROM pg_catalog.pg_type y JOIN pg_catalog.pg_attribute a ON a.attrelid = y.typrelid \
                    WHERE y.oid = p.oid AND y.typrelid <> 0 AND a.attnum > 0 AND NOT a.attisdropped) AS o (oid)) \
        SELECT a.attname AS name, pg_catalog.format_type(a.atttypid, a.atttypmod) AS data_type, \
            a.attgenerated <> '' AS generated, a.atttypid <> t.oid AS domain, \
            CASE WHEN t.typtype = 'e' THEN 'enum' WHEN t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN t.typname::text ELSE '' END AS base, \
            EXISTS (SELECT FROM parts p JOIN pg_catalog.pg_cast k ON k.castsource = p.oid \
                WHERE p.attnum = b.attnum AND k.casttarget = 'pg_catalog.json'::pg_catalog.regtype AND k.castmethod = 'f') AS casts_to_json, \
            b.typmod, t.typsend <> 0 AS sends, \
            CASE WHEN t.typname IN ('json', 'jsonb') THEN 'json' \
                WHEN t.typname = 'tsquery' THEN 'tsquery' \
                WHEN t.typcategory = 'A' AND t.typname NOT IN ('int2vector', 'oidvector') THEN 'array' END AS loses \
        FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype <> 'd' \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = $1::oid AND a.attnum = b.attnum ORDER BY a.attnum";
    let names = ["name", "data_type", "generated", "domain", "base", "casts_to_json", "typmod", "sends", "loses"];
    let mut columns = Vec::new();
    connection.read(COLUMNS, &[Arg::Int(oid.into())], &names, |cells| {
        let (name, data_type) = (take(cells, "name")?, take(cells, "data_type")?);
        let (generated, domain) = (take(cells, "generated")?, take(cells, "domain")?);
        let (base, casts_to_json) = (take(cells, "base")?, take(cells, "casts_to_json")?);
        let (typmod, sends) = (take(cells, "typmod")?, take(cells, "sends")?);
        let loses: Option<String> = take(cells, "loses")?;
        let loses = loses.map(|word| match word.as_str() {
            "json" => Loses::JsonNull,
            "tsquery" => Loses::EmptyQuery,
            _ => Loses::LowerBounds,
        });
        columns.push(Column { name, data_type, generated, domain, base, typmod, casts_to_json, sends, loses });
        Ok(())
    })?;
    Ok(columns)
}
