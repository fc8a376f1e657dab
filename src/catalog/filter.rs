//! Filters models by the caller's arguments: types, regular expressions, psql patterns. The server evaluates regular
//! expressions.

use std::collections::{BTreeSet, HashSet};

use pgmeta_core::cells::take;
use pgmeta_core::model::{Excluded, Filter, Model, type_words};
use pgmeta_core::plan::Options;
use pgmeta_core::{pattern, words};
use pgrx::{PgLogLevel, PgSqlErrorCode};

use crate::error::Error;
use crate::guc::GucGuard;
use crate::message::tell;
use crate::spi::{Arg, Connection};

/// Returns the names that a POSIX regular expression matches.
pub fn matching(names: &BTreeSet<String>, regex: &str) -> Result<HashSet<String>, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let names: Vec<String> = names.iter().cloned().collect();
    let mut found = HashSet::new();
    let sql = "SELECT name FROM pg_catalog.unnest($1) AS name WHERE name ~ $2";
    connection.read(sql, &[Arg::Texts(&names), Arg::Text(regex)], &["name"], |cells| {
        found.insert(take(cells, "name")?);
        Ok(())
    })?;
    Ok(found)
}

/// Removes objects of other types, with other names, or that a psql pattern excludes.
pub fn filter(
    model: &mut Model,
    types: Option<&[String]>,
    name_pattern: Option<&str>,
    exclude: &[String],
) -> Result<(), Error> {
    let types = types.map(known_types).transpose()?;
    if types.is_none() && name_pattern.is_none() && exclude.is_empty() {
        return Ok(());
    }
    let all = model.names();
    let names = name_pattern.map(|regex| matching(&all, regex)).transpose()?;
    if let (Some(regex), Some(names)) = (name_pattern, &names)
        && names.is_empty()
        && regex.contains('%')
    {
        let message =
            format!("no name matches \"{regex}\": name_pattern is a regular expression, not a pattern of LIKE");
        tell(PgLogLevel::NOTICE, PgSqlErrorCode::ERRCODE_SUCCESSFUL_COMPLETION, message);
    }
    let excluded = exclude.iter().map(|text| {
        let pattern = pattern::parse(text);
        let schemas = matching(&all, &pattern.schema)?;
        Ok(Excluded { schemas, names: pattern.name.map(|name| matching(&all, &name)).transpose()? })
    });
    let excluded = excluded.collect::<Result<_, Error>>()?;
    model.filter(&Filter { types, names, excluded });
    Ok(())
}

/// Removes the objects that the options exclude from one side of a plan.
pub fn restrict(model: &mut Model, options: &Options) -> Result<(), Error> {
    if !options.own {
        model.remove_own();
    }
    if let Some(schemas) = &options.schemas {
        model.keep_schemas(schemas);
    }
    filter(model, options.types.as_deref(), None, &options.exclude)
}

/// Reads types in the terms of `pg_identify_object`, in upper or lower case, singular or plural.
pub fn known_types(types: &[String]) -> Result<BTreeSet<String>, Error> {
    let known = |word: &String| match words::find(word, type_words()) {
        Some(known) => Ok(known.to_owned()),
        None => Err(Error::UnknownType(word.clone())),
    };
    types.iter().map(known).collect()
}
