//! Finds the schema of the extension's functions, and qualifies calls in hints with it. Changes nothing else in a message.

use std::collections::HashSet;

use pgmeta_core::cells::take;
use pgmeta_core::ident::ident;

use crate::error::Error;
use crate::guc::GucGuard;
use crate::server;
use crate::spi::Connection;

/// Returns the schema of the extension's functions, if the extension exists.
pub fn extension_schema(connection: &Connection) -> Result<Option<String>, Error> {
    Ok(find_schema(connection)?.map(|(_, name)| name))
}

/// Returns the OID and the name of that schema.
fn find_schema(connection: &Connection) -> Result<Option<(u32, String)>, Error> {
    let _pinned = GucGuard::search_path();
    let sql = "SELECT n.oid, n.nspname AS name FROM pg_catalog.pg_extension e \
        JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace WHERE e.extname = 'pgmeta'";
    let mut schema = None;
    connection.read(sql, &[], &["oid", "name"], |cells| {
        schema = Some((take(cells, "oid")?, take(cells, "name")?));
        Ok(())
    })?;
    Ok(schema)
}

/// Returns a hint with calls that can be copied: qualifies the functions if their schema is not in the caller's
/// search_path. Every hint passes through this function.
pub fn qualify_hint(hint: String) -> String {
    if !hint.contains("pgmeta_") || !server::is_in_transaction() {
        return hint;
    }
    let path = server::search_path();
    let found = || -> Result<Option<(String, HashSet<String>)>, Error> {
        let connection = Connection::open()?;
        let Some((oid, schema)) = find_schema(&connection)?.filter(|(oid, _)| !path.contains(oid)) else {
            return Ok(None);
        };
        Ok(Some((schema, routines(&connection, oid)?)))
    };
    match found() {
        Ok(Some((schema, routines))) => qualify_calls(&hint, &schema, &routines),
        // Without the schema the hint is still more useful than an error.
        Ok(None) | Err(_) => hint,
    }
}

/// Returns the names of the extension's functions and procedures.
fn routines(connection: &Connection, schema: u32) -> Result<HashSet<String>, Error> {
    let _pinned = GucGuard::search_path();
    let sql = format!(
        "SELECT DISTINCT p.proname AS name FROM pg_catalog.pg_extension e \
         JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid \
         JOIN pg_catalog.pg_proc p ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid \
         WHERE e.extname = 'pgmeta' AND p.pronamespace = {schema}"
    );
    let mut names = HashSet::new();
    connection.read(&sql, &[], &["name"], |cells| {
        names.insert(take(cells, "name")?);
        Ok(())
    })?;
    Ok(names)
}

/// Qualifies the names, except inside of quotes and if they are qualified already.
fn qualify_calls(hint: &str, schema: &str, routines: &HashSet<String>) -> String {
    let mut out = String::with_capacity(hint.len());
    let mut rest = hint;
    let mut quote = None;
    while let Some(c) = rest.chars().next() {
        let before = out.chars().next_back();
        let in_word = before.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '.' | '"'));
        let word_end = rest.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(rest.len());
        let (word, after) = rest.split_at(word_end.max(c.len_utf8()));
        match quote {
            Some(open) if c == open => quote = None,
            // A single quote after a letter is an apostrophe.
            None if c == '"' || (c == '\'' && !before.is_some_and(char::is_alphanumeric)) => quote = Some(c),
            None if !in_word && routines.contains(word) => out.push_str(&format!("{}.", ident(schema))),
            _ => {}
        }
        out.push_str(word);
        rest = after;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_calls_are_qualified() {
        let routines = ["pgmeta_ddl", "pgmeta_objects"].map(str::to_owned).into();
        let with = |hint: &str| qualify_calls(hint, "my tools", &routines);
        assert_eq!(
            with("Perhaps you mean: pgmeta_ddl('app.orders'::regclass), pgmeta_ddl('s'::regnamespace)."),
            "Perhaps you mean: \"my tools\".pgmeta_ddl('app.orders'::regclass), \"my tools\".pgmeta_ddl('s'::regnamespace)."
        );
        assert_eq!(with("FROM pgmeta_objects() lists"), "FROM \"my tools\".pgmeta_objects() lists");
        for other in [
            "pgmeta.pgmeta_ddl('a')",
            "the role pgmeta_archive_admin",
            "x('pgmeta_ddl', \"pgmeta_ddl\")",
            "my_pgmeta_ddl",
            "pgmeta_ddl_2",
            "",
        ] {
            assert_eq!(with(other), other);
        }
        assert_eq!(with("the table's owner calls pgmeta_ddl"), "the table's owner calls \"my tools\".pgmeta_ddl");
    }
}
