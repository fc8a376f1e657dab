//! Replaces the placeholders `{{name}}` of catalog columns that not every role may read.

use crate::error::Error;
use crate::spi::Connection;

/// A column of a catalog, and the expression for roles that may not read it.
struct ProtectedColumn {
    name: &'static str,
    table: &'static str,
    column: &'static str,
    then: &'static str,
    otherwise: &'static str,
}

const PROTECTED_COLUMNS: &[ProtectedColumn] = &[
    ProtectedColumn {
        name: "subconninfo",
        table: "pg_catalog.pg_subscription",
        column: "subconninfo",
        then: "s.subconninfo",
        otherwise: "NULL::text",
    },
    ProtectedColumn {
        name: "rolpassword",
        table: "pg_catalog.pg_authid",
        column: "rolpassword",
        then: "(SELECT a.rolpassword FROM pg_catalog.pg_authid a WHERE a.oid = r.oid)",
        otherwise: "NULL::text",
    },
    ProtectedColumn {
        name: "password_hidden",
        table: "pg_catalog.pg_authid",
        column: "rolpassword",
        then: "false",
        otherwise: "true",
    },
];

/// Returns the query with the columns that the caller may read.
pub fn adapt(sql: String, connection: &Connection) -> Result<String, Error> {
    let mut adapted = sql;
    for protected in PROTECTED_COLUMNS {
        let placeholder = format!("{{{{{}}}}}", protected.name);
        if adapted.contains(&placeholder) {
            let readable = is_readable(connection, protected.table, protected.column)?;
            adapted = adapted.replace(&placeholder, if readable { protected.then } else { protected.otherwise });
        }
    }
    Ok(adapted)
}

fn is_readable(connection: &Connection, table: &str, column: &str) -> Result<bool, Error> {
    let sql = format!("SELECT pg_catalog.has_column_privilege('{table}', '{column}', 'SELECT') AS readable");
    connection.one(&sql, &[], "readable")
}
