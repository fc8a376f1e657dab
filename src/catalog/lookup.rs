//! Finds one object by a name, an address or an OID. Reads addresses only; `reader` reads the object.

use pgmeta_core::catalog_rows::{Wanted, class};
use pgmeta_core::cells::take;
use pgmeta_core::ident::{ident, read_ident};
use pgrx::PgSqlErrorCode;

use crate::catalog::hints;
use crate::catalog::place::{Place, candidates};
use crate::catalog::reader::Scope;
use crate::error::Error;
use crate::guc::GucGuard;
use crate::server;
use crate::spi::{Arg, Connection};

/// An object's address, and the part of the catalog that must be read to print it.
#[derive(Clone, Debug)]
pub struct Found {
    pub class: u32,
    pub oid: u32,
    pub scope: Scope,
    /// For a part of an object: the address of the object, and the part's name.
    pub part_of: Option<(u32, u32, String)>,
}

/// Finds an object as `pg_get_object_address` does, under the caller's search_path.
pub fn by_address(kind: &str, names: &[String], args: &[String]) -> Result<Found, Error> {
    // The address of a prefix operator has one argument; the server returns such addresses, but does not accept them.
    match (kind, names, args) {
        ("operator", [schema, name], [right]) => return prefix_operator(schema, name, right),
        ("operator", [schema, name], [left, right]) if left == "-" => return prefix_operator(schema, name, right),
        _ => {}
    }
    let address = {
        let connection = Connection::open()?;
        let sql = "SELECT classid, objid, objsubid FROM pg_catalog.pg_get_object_address($1, $2, $3)";
        let args = [Arg::Text(kind), Arg::Texts(names), Arg::Texts(args)];
        let mut address: Option<(u32, u32, i32)> = None;
        connection.read(sql, &args, &["classid", "objid", "objsubid"], |cells| {
            address = Some((take(cells, "classid")?, take(cells, "objid")?, take(cells, "objsubid")?));
            Ok(())
        })?;
        address
    };
    match address {
        Some((class, oid, 0)) => found(class, oid),
        _ => Err(Error::NotPrintable(kind.to_owned())),
    }
}

fn prefix_operator(schema: &str, name: &str, right: &str) -> Result<Found, Error> {
    let operator = format!("{}.{name}(NONE,{right})", ident(schema));
    let connection = Connection::open()?;
    let mut oid: Option<u32> = None;
    let sql = "SELECT pg_catalog.to_regoperator($1)::pg_catalog.oid AS oid";
    connection.read(sql, &[Arg::Text(&operator)], &["oid"], |cells| {
        oid = take(cells, "oid")?;
        Ok(())
    })?;
    drop(connection);
    let missing = || Error::Missing {
        what: format!("operator {operator}"),
        hint: String::new(),
        code: PgSqlErrorCode::ERRCODE_UNDEFINED_FUNCTION,
    };
    found(class::OPERATOR, oid.ok_or_else(missing)?)
}

/// Finds the one object that a text names under the caller's search_path.
pub fn by_name(name: &str) -> Result<Found, Error> {
    if name.trim_end().ends_with(')') {
        return by_signature(name);
    }
    let path = server::search_path();
    let _guard = GucGuard::new();
    let connection = Connection::open()?;
    let mut parts: Vec<String> = Vec::new();
    connection.read("SELECT pg_catalog.parse_ident($1) AS parts", &[Arg::Text(name)], &["parts"], |cells| {
        parts = take(cells, "parts")?;
        Ok(())
    })?;
    let candidates = match parts.as_slice() {
        [name] => candidates(&connection, None, name, &path)?,
        [schema, name] => candidates(&connection, Some(schema), name, &[])?,
        _ => Vec::new(),
    };
    match candidates.as_slice() {
        [] => Err(Error::Missing {
            what: format!("object \"{name}\""),
            hint: hints::suggestions(&connection, &parts, &path)?,
            code: PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT,
        }),
        [one] => {
            let Place { class, oid } = *one;
            drop(connection);
            found(class, oid)
        }
        several => Err(ambiguous(&connection, format!("object name \"{name}\""), several)?),
    }
}

fn ambiguous(connection: &Connection, what: String, places: &[Place]) -> Result<Error, Error> {
    let mut calls = hints::calls(connection, places)?;
    calls.sort();
    calls.truncate(hints::MOST);
    Ok(Error::Ambiguous { what, hint: format!("Call one of: {}.", calls.join(", ")) })
}

/// Finds the relation with an OID, or else the only other object with it.
pub fn by_oid(oid: u32) -> Result<Found, Error> {
    let _guard = GucGuard::new();
    let connection = Connection::open()?;
    let relation = "SELECT true AS found FROM pg_catalog.pg_class WHERE oid = $1[1]";
    if connection.value::<bool>(relation, &[Arg::Oids(&[oid])], "found")?.is_some() {
        drop(connection);
        return found(class::CLASS, oid);
    }
    let mut places = Vec::new();
    connection.read(include_str!("queries/by_oid.sql"), &[Arg::Oids(&[oid])], &["class"], |cells| {
        places.push(Place { class: take(cells, "class")?, oid });
        Ok(())
    })?;
    match places.as_slice() {
        [] => Err(missing(class::CLASS, oid)),
        [one] => {
            let Place { class, oid } = *one;
            drop(connection);
            found(class, oid)
        }
        several => Err(ambiguous(&connection, format!("OID {oid}"), several)?),
    }
}

/// Returns the error for an OID that no object of a catalog has.
pub fn missing(class: u32, oid: u32) -> Error {
    let (noun, code) = match class {
        class::CLASS => ("relation", PgSqlErrorCode::ERRCODE_UNDEFINED_TABLE),
        class::PROC => ("function", PgSqlErrorCode::ERRCODE_UNDEFINED_FUNCTION),
        class::OPERATOR => ("operator", PgSqlErrorCode::ERRCODE_UNDEFINED_FUNCTION),
        class::NAMESPACE => ("schema", PgSqlErrorCode::ERRCODE_INVALID_SCHEMA_NAME),
        class::TYPE => ("type", PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT),
        class::AUTHID => ("role", PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT),
        class::COLLATION => ("collation", PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT),
        class::TS_CONFIG => ("text search configuration", PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT),
        class::TS_DICT => ("text search dictionary", PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT),
        _ => ("object", PgSqlErrorCode::ERRCODE_UNDEFINED_OBJECT),
    };
    Error::Missing { what: format!("{noun} with OID {oid}"), hint: String::new(), code }
}

/// Finds a function by its name and argument types.
fn by_signature(text: &str) -> Result<Found, Error> {
    let connection = Connection::open()?;
    let mut oid: Option<u32> = None;
    let sql = "SELECT pg_catalog.to_regprocedure($1)::pg_catalog.oid AS oid";
    connection.read(sql, &[Arg::Text(text)], &["oid"], |cells| {
        oid = take(cells, "oid")?;
        Ok(())
    })?;
    drop(connection);
    match oid {
        Some(oid) => found(class::PROC, oid),
        None => {
            let _guard = GucGuard::new();
            let connection = Connection::open()?;
            let name = text.split('(').next().unwrap_or(text);
            let bare = name.rsplit('.').next().unwrap_or(name).trim().trim_matches('"').to_owned();
            Err(Error::Missing {
                what: format!("function \"{text}\""),
                hint: hints::suggestions(&connection, &[bare], &[])?,
                code: PgSqlErrorCode::ERRCODE_UNDEFINED_FUNCTION,
            })
        }
    }
}

/// Returns what must be read to print an object of any kind.
pub fn found(class: u32, oid: u32) -> Result<Found, Error> {
    let _guard = GucGuard::new();
    let connection = Connection::open()?;
    if let Some(part) = part(&connection, class, oid)? {
        let (of_class, of_oid, _) = part;
        drop(connection);
        let whole = found(of_class, of_oid)?;
        return Ok(Found { class, oid, part_of: Some(part), ..whole });
    }
    let relation = match class {
        class::CLASS => format!(
            "SELECT coalesce((SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = {oid}), {oid}::oid) AS oid \
             WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_class WHERE oid = {oid} AND relkind = 'c')"
        ),
        class::CONSTRAINT => {
            format!("SELECT conrelid AS oid FROM pg_catalog.pg_constraint WHERE oid = {oid} AND conrelid <> 0")
        }
        class::TRIGGER => {
            format!("SELECT tgrelid AS oid FROM pg_catalog.pg_trigger WHERE oid = {oid}")
        }
        class::REWRITE => {
            format!("SELECT ev_class AS oid FROM pg_catalog.pg_rewrite WHERE oid = {oid}")
        }
        class::POLICY => {
            format!("SELECT polrelid AS oid FROM pg_catalog.pg_policy WHERE oid = {oid}")
        }
        class::ATTRDEF => {
            format!("SELECT adrelid AS oid FROM pg_catalog.pg_attrdef WHERE oid = {oid}")
        }
        class::STATISTIC_EXT => {
            format!("SELECT stxrelid AS oid FROM pg_catalog.pg_statistic_ext WHERE oid = {oid}")
        }
        _ => "SELECT 0::oid AS oid WHERE false".to_owned(),
    };
    let mut scope = Scope { schemas: Some(Vec::new()), ..Scope::default() };
    connection.read(&relation, &[], &["oid"], |cells| {
        scope.relations.push(take(cells, "oid")?);
        Ok(())
    })?;
    if scope.relations.is_empty() {
        let sql = match class {
            class::DEFAULT_ACL => format!(
                "SELECT '' AS type, pg_catalog.quote_ident(n.nspname) AS schema, NULL::text AS name \
                 FROM pg_catalog.pg_default_acl d JOIN pg_catalog.pg_namespace n ON n.oid = d.defaclnamespace WHERE d.oid = {oid}"
            ),
            _ => format!("SELECT type, schema, name FROM pg_catalog.pg_identify_object({class}, {oid}, 0)"),
        };
        connection.read(&sql, &[], &["type", "schema", "name"], |cells| {
            let (kind, schema, name): (Option<String>, Option<String>, Option<String>) =
                (take(cells, "type")?, take(cells, "schema")?, take(cells, "name")?);
            let schema = if kind.as_deref() == Some("schema") { name } else { schema };
            scope.schemas = Some(schema.into_iter().map(|schema| read_ident(&schema).unwrap_or(schema)).collect());
            Ok(())
        })?;
    }
    let in_schemas = scope.schemas.as_ref().is_some_and(|schemas| !schemas.is_empty());
    let relations = !scope.relations.is_empty();
    let cluster = matches!(
        class,
        class::AUTHID | class::AUTH_MEMBERS | class::TABLESPACE | class::DATABASE | class::PARAMETER_ACL
    );
    // A schema is printed with its contents; for anything else its group is enough.
    let whole = class == class::NAMESPACE;
    scope.wanted = Wanted {
        in_schemas,
        relations: relations || whole,
        global: !in_schemas && !relations && !cluster,
        cluster,
        dependencies: whole,
    };
    Ok(Found { class, oid, scope, part_of: None })
}

/// Returns the object that an address is a part of: a default belongs to its table, a constraint to its domain.
fn part(connection: &Connection, class: u32, oid: u32) -> Result<Option<(u32, u32, String)>, Error> {
    let sql = match class {
        class::ATTRDEF => format!(
            "SELECT d.adrelid AS oid, a.attname AS name FROM pg_catalog.pg_attrdef d \
             JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum WHERE d.oid = {oid}"
        ),
        class::CONSTRAINT => format!(
            "SELECT contypid AS oid, conname AS name FROM pg_catalog.pg_constraint WHERE oid = {oid} AND contypid <> 0"
        ),
        _ => return Ok(None),
    };
    let of_class = if class == class::ATTRDEF { class::CLASS } else { class::TYPE };
    let mut found = None;
    connection.read(&sql, &[], &["oid", "name"], |cells| {
        found = Some((of_class, take(cells, "oid")?, take(cells, "name")?));
        Ok(())
    })?;
    Ok(found)
}

/// Returns the server's description of an object, if it exists.
fn description(class: u32, oid: u32) -> Option<String> {
    let describe = || -> Result<Option<String>, Error> {
        let connection = Connection::open()?;
        let sql = format!("SELECT pg_catalog.pg_describe_object({class}, {oid}, 0) AS text");
        let mut text = None;
        connection.read_marked(&sql, &[], &["text"], |cells| {
            text = take(cells, "text")?;
            Ok(())
        })?;
        Ok(text)
    };
    describe().ok().flatten()
}

/// Returns the error why an existing object is not printed: it belongs to an extension, or is a part of another.
pub fn not_printed(class: u32, oid: u32, extension: Option<&str>) -> Error {
    let Some(what) = description(class, oid) else { return missing(class, oid) };
    let whole = || {
        let _guard = GucGuard::new();
        hints::whole(&Connection::open()?, Place { class, oid })
    };
    let hint = match extension {
        Some(name) => format!("It is a member of extension \"{name}\", whose CREATE EXTENSION makes it."),
        None => match whole() {
            Ok(Some(hint)) => hint,
            Ok(None) => "Parts of other objects have no DDL of their own.".to_owned(),
            Err(error) => return error,
        },
    };
    Error::NotPrinted { what, hint }
}
