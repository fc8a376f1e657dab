//! What there is to know of a table that is archived.

use pgmeta_archive::jsonl::Element;
use pgmeta_core::cells::take;
use pgmeta_core::ident::{ident, qualified};
use pgrx::{PgLogLevel, PgSqlErrorCode};

use crate::archive::progress::estimate;
use crate::error::Error;
use crate::message::tell;
use crate::spi::{Arg, Connection};

#[derive(Clone, Debug)]
pub struct Column {
    pub name: String,
    /// What it is known by in all partitions of its table, whatever its name.
    pub number: i32,
    pub data_type: String,
    pub type_oid: u32,
    pub type_modifier: i32,
    pub generated: bool,
    /// Its type is a domain.
    pub domain: bool,
    /// The type below domains: its name where it is the server's own, `enum`, or nothing.
    pub base: String,
    /// The modifier of the type below domains.
    pub typmod: i32,
    /// What the elements are, of an array whose text separates them by commas.
    pub element: Option<Element>,
    /// There is a function that sends its values.
    pub sends: bool,
}

impl Column {
    /// Returns whether values are the server's own types', whose input functions read what their output functions print: the tests
    /// of archives prove it for these. All others are proved value by value.
    pub fn is_plain(&self) -> bool {
        const PLAIN: [&str; 19] = [
            "bool",
            "enum",
            "int2",
            "int4",
            "int8",
            "float4",
            "float8",
            "numeric",
            "text",
            "varchar",
            "bpchar",
            "bytea",
            "date",
            "time",
            "timestamp",
            "timestamptz",
            "uuid",
            "json",
            "jsonb",
        ];
        !self.domain && PLAIN.contains(&self.base.as_str())
    }
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
    /// As many rows were written, by the server's count.
    pub changes: Option<i64>,
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
                GREATEST(c.reltuples, 0)::int8 AS rows, COALESCE(pg_catalog.pg_table_size(c.oid), 0) AS bytes, \
                pg_catalog.pg_stat_get_tuples_inserted(c.oid) + pg_catalog.pg_stat_get_tuples_updated(c.oid) \
                    + pg_catalog.pg_stat_get_tuples_deleted(c.oid) AS changes \
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
            "changes",
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
            let (rows, bytes, changes) = (take(cells, "rows")?, take(cells, "bytes")?, take(cells, "changes")?);
            let columns = Vec::new();
            found = Some((
                Self { oid, schema, name, owner, owner_oid, parent, bound, columns, rows, bytes, changes },
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
        partition.rows = estimate(oid).unwrap_or(partition.rows);
        Ok(partition)
    }

    pub fn quoted(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Says where tables inherit from it, whose rows are their own.
    pub fn tell_of_children(&self, connection: &Connection) -> Result<(), Error> {
        const COUNT: &str =
            "SELECT pg_catalog.count(*) AS count FROM pg_catalog.pg_inherits i WHERE i.inhparent = $1::oid";
        let count: i64 = connection.value(COUNT, &[Arg::Int(self.oid.into())], "count")?.unwrap_or_default();
        if count > 0 {
            let message =
                format!("the rows of {count} tables that inherit from {} are not in its archive", self.quoted());
            tell(PgLogLevel::NOTICE, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, message);
        }
        Ok(())
    }

    /// Returns the same with the columns that it has now.
    pub fn with_columns_of_now(&self, connection: &Connection) -> Result<Self, Error> {
        Ok(Self { columns: columns(connection, self.oid)?, ..self.clone() })
    }

    /// Returns the columns that files hold: those that are asked for.
    pub fn stored_columns(&self, wanted: Option<&[String]>) -> Result<Vec<&Column>, Error> {
        let Some(wanted) = wanted else { return Ok(self.columns.iter().collect()) };
        let find = |name: &String| {
            self.columns.iter().find(|column| column.name == *name).ok_or_else(|| Error::Missing {
                what: format!("column {} of {}", ident(name), self.quoted()),
                hint: "The option columns names it.".into(),
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_COLUMN,
            })
        };
        wanted.iter().map(find).collect()
    }
}

fn columns(connection: &Connection, oid: u32) -> Result<Vec<Column>, Error> {
    const COLUMNS: &str = "WITH RECURSIVE base AS ( \
            SELECT a.attnum, a.atttypid AS oid, a.atttypmod AS typmod \
            FROM pg_catalog.pg_attribute a WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped \
            UNION ALL SELECT b.attnum, t.typbasetype, t.typtypmod \
            FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid WHERE t.typtype = 'd') \
        SELECT a.attname AS name, COALESCE(p.attnum, a.attnum)::int4 AS number, pg_catalog.format_type(a.atttypid, a.atttypmod) AS data_type, \
            a.atttypid AS type_oid, a.atttypmod AS type_modifier, a.attgenerated <> '' AS generated, a.atttypid <> t.oid AS domain, \
            CASE WHEN t.typtype = 'e' THEN 'enum' WHEN t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN t.typname::text ELSE '' END AS base, \
            b.typmod, t.typsend <> 0 AS sends, \
            CASE WHEN e.oid IS NULL OR e.typdelim <> ',' THEN NULL WHEN e.typnamespace = 'pg_catalog'::pg_catalog.regnamespace THEN e.typname::text ELSE '' END AS element \
        FROM base b JOIN pg_catalog.pg_type t ON t.oid = b.oid AND t.typtype <> 'd' \
        JOIN pg_catalog.pg_attribute a ON a.attrelid = $1::oid AND a.attnum = b.attnum \
        LEFT JOIN pg_catalog.pg_type e ON e.oid = t.typelem AND e.typarray = t.oid \
        LEFT JOIN pg_catalog.pg_attribute p ON p.attrelid = pg_catalog.pg_partition_root($1::oid::regclass) AND p.attname = a.attname \
        ORDER BY a.attnum";
    let names = [
        "name",
        "number",
        "data_type",
        "type_oid",
        "type_modifier",
        "generated",
        "domain",
        "base",
        "typmod",
        "sends",
        "element",
    ];
    let mut columns = Vec::new();
    connection.read(COLUMNS, &[Arg::Int(oid.into())], &names, |cells| {
        let (name, number) = (take(cells, "name")?, take(cells, "number")?);
        let data_type = take(cells, "data_type")?;
        let (type_oid, type_modifier) = (take(cells, "type_oid")?, take(cells, "type_modifier")?);
        let (generated, domain) = (take(cells, "generated")?, take(cells, "domain")?);
        let (base, typmod, sends) = (take(cells, "base")?, take(cells, "typmod")?, take(cells, "sends")?);
        let element: Option<String> = take(cells, "element")?;
        let element = element.map(|name| match name.as_str() {
            "bool" => Element::Bool,
            "int2" | "int4" | "int8" | "float4" | "float8" | "numeric" => Element::Number,
            "json" | "jsonb" => Element::Document,
            _ => Element::Text,
        });
        columns.push(Column {
            name,
            number,
            data_type,
            type_oid,
            type_modifier,
            generated,
            domain,
            base,
            typmod,
            element,
            sends,
        });
        Ok(())
    })?;
    Ok(columns)
}
