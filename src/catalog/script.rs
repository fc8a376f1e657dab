//! Reads what rules about scripts must know of the database: where names are looked up, which functions are volatile, and which
//! types are stored alike.

use pgmeta_core::cells::take;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::error::Error;
use crate::guc::GucGuard;
use crate::server;
use crate::spi::{Arg, Connection};

/// The schemas that a script is about.
#[derive(Debug, Default)]
pub struct ScriptSchemas {
    /// Those of the caller's search path, in its order.
    pub search_path: Vec<String>,
    /// Those of the search path, and those that are named and exist.
    pub all: Vec<String>,
    /// Those that the role may not use.
    pub unusable: Vec<String>,
}

/// Returns the schemas of the search path, those with these names, and those of the domains that domains in them are made of.
pub fn script_schemas(named: &[String]) -> Result<ScriptSchemas, Error> {
    let path = server::search_path();
    let _guard = GucGuard::new();
    let mut schemas = ScriptSchemas::default();
    let sql = include_str!("queries/script_schemas.sql");
    Connection::open()?.read(sql, &[Arg::Texts(named), Arg::Oids(&path)], &["name", "place", "usable"], |cells| {
        let (name, place): (String, Option<i64>) = (take(cells, "name")?, take(cells, "place")?);
        if !take::<bool>(cells, "usable")? {
            schemas.unusable.push(name.clone());
        }
        if place.is_some() {
            schemas.search_path.push(name.clone());
        }
        schemas.all.push(name);
        Ok(())
    })?;
    Ok(schemas)
}

/// Returns whether the functions with these names are volatile, by schema and name. One volatile function among several of a name
/// and schema suffices.
pub fn function_volatility(names: &[String]) -> Result<FxHashMap<(String, String), bool>, Error> {
    let mut functions = FxHashMap::default();
    if names.is_empty() {
        return Ok(functions);
    }
    let _guard = GucGuard::new();
    let sql = include_str!("queries/function_volatility.sql");
    Connection::open()?.read(sql, &[Arg::Texts(names)], &["schema", "name", "volatile"], |cells| {
        let place = (take(cells, "schema")?, take(cells, "name")?);
        functions.insert(place, take(cells, "volatile")?);
        Ok(())
    })?;
    Ok(functions)
}

/// Returns the operator classes that types of binary casts have by default, by type and access method.
pub fn default_classes() -> Result<FxHashMap<(String, String), String>, Error> {
    let mut classes = FxHashMap::default();
    let _guard = GucGuard::new();
    let sql = include_str!("queries/default_classes.sql");
    Connection::open()?.read(sql, &[], &["name", "method", "class"], |cells| {
        classes.insert((take(cells, "name")?, take(cells, "method")?), take(cells, "class")?);
        Ok(())
    })?;
    Ok(classes)
}

/// Returns the schemas of the relations that have columns of types with these names, or of the types of extensions.
pub fn schemas_of_types(types: &[String], extensions: &[String]) -> Result<Vec<String>, Error> {
    let mut schemas = Vec::new();
    if types.is_empty() && extensions.is_empty() {
        return Ok(schemas);
    }
    let _guard = GucGuard::new();
    let sql = include_str!("queries/schemas_of_types.sql");
    Connection::open()?.read(sql, &[Arg::Texts(types), Arg::Texts(extensions)], &["name"], |cells| {
        schemas.push(take(cells, "name")?);
        Ok(())
    })?;
    Ok(schemas)
}

/// Returns the types of extensions, named as `format_type` does.
pub fn extension_types(extensions: &[String]) -> Result<FxHashMap<String, Vec<String>>, Error> {
    let mut types: FxHashMap<String, Vec<String>> = FxHashMap::default();
    if extensions.is_empty() {
        return Ok(types);
    }
    let _guard = GucGuard::new();
    let sql = include_str!("queries/extension_types.sql");
    Connection::open()?.read(sql, &[Arg::Texts(extensions)], &["extension", "name"], |cells| {
        types.entry(take(cells, "extension")?).or_default().push(take(cells, "name")?);
        Ok(())
    })?;
    Ok(types)
}

/// Returns the names of the server's own types.
pub fn server_types() -> Result<FxHashSet<String>, Error> {
    let mut types = FxHashSet::default();
    let _guard = GucGuard::new();
    Connection::open()?.read(include_str!("queries/server_types.sql"), &[], &["name"], |cells| {
        types.insert(take(cells, "name")?);
        Ok(())
    })?;
    Ok(types)
}

/// Returns the pairs of types of which the values of the first are stored as those of the second.
pub fn binary_casts() -> Result<FxHashSet<(String, String)>, Error> {
    let mut casts = FxHashSet::default();
    let _guard = GucGuard::new();
    let sql = include_str!("queries/binary_casts.sql");
    Connection::open()?.read(sql, &[], &["source", "target_type"], |cells| {
        casts.insert((take(cells, "source")?, take(cells, "target_type")?));
        Ok(())
    })?;
    Ok(casts)
}
