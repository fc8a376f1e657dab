//! What not every role may read or call; the queries say `{{name}}` where they want it.

use pgmeta_core::rows::{FromCell, take};

use crate::error::Error;
use crate::spi::Connection;

/// A column of a catalog, and what stands in for it where the caller may not read it.
struct Guarded {
    name: &'static str,
    table: &'static str,
    column: &'static str,
    then: &'static str,
    otherwise: &'static str,
}

const GUARDED: &[Guarded] = &[
    Guarded {
        name: "subconninfo",
        table: "pg_catalog.pg_subscription",
        column: "subconninfo",
        then: "s.subconninfo",
        otherwise: "NULL::text",
    },
    Guarded {
        name: "rolpassword",
        table: "pg_catalog.pg_authid",
        column: "rolpassword",
        then: "(SELECT a.rolpassword FROM pg_catalog.pg_authid a WHERE a.oid = r.oid)",
        otherwise: "NULL::text",
    },
    Guarded {
        name: "password_hidden",
        table: "pg_catalog.pg_authid",
        column: "rolpassword",
        then: "false",
        otherwise: "true",
    },
];

/// Returns the query as the caller may run it.
pub fn adapt(sql: String, connection: &Connection) -> Result<String, Error> {
    let mut adapted = sql;
    for guarded in GUARDED {
        let placeholder = format!("{{{{{}}}}}", guarded.name);
        if adapted.contains(&placeholder) {
            let readable = readable(connection, guarded.table, guarded.column)?;
            adapted = adapted.replace(&placeholder, if readable { guarded.then } else { guarded.otherwise });
        }
    }
    if adapted.contains("{{condition}}") {
        adapted = adapted.replace("{{condition}}", &condition(connection)?);
    }
    Ok(adapted)
}

/// Returns the name of the function that prints check conditions: the extension's own where the caller may call it.
fn condition(connection: &Connection) -> Result<String, Error> {
    let sql = "
        SELECT pg_catalog.quote_ident(n.nspname) || '._pgmeta_condition' AS name
        FROM pg_catalog.pg_extension e
        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
        JOIN pg_catalog.pg_proc p ON p.pronamespace = n.oid AND p.proname = '_pgmeta_condition'
        JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid
            AND d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid AND d.deptype = 'e'
        WHERE e.extname = 'pgmeta' AND pg_catalog.has_schema_privilege(n.oid, 'USAGE')
            AND pg_catalog.has_function_privilege(p.oid, 'EXECUTE')";
    let mut name = "pg_catalog.pg_get_expr".to_owned();
    connection.read(sql, &[], &["name"], |cells| {
        name = take(cells, "name")?;
        Ok(())
    })?;
    Ok(name)
}

fn readable(connection: &Connection, table: &str, column: &str) -> Result<bool, Error> {
    let sql = format!("SELECT pg_catalog.has_column_privilege('{table}', '{column}', 'SELECT') AS readable");
    let mut readable = false;
    connection.read(&sql, &[], &["readable"], |cells| {
        readable = bool::from_cell(cells.next_cell()?).unwrap_or(false);
        Ok(())
    })?;
    Ok(readable)
}
