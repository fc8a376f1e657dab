//! The address of an object, and the objects that a name may mean. Reads addresses only.

use pgmeta_core::cells::take;

use crate::error::Error;
use crate::spi::{Arg, Connection};

/// The address of an object: its catalog, and its OID there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub class: u32,
    pub oid: u32,
}

/// Returns the objects that a name may mean, in one schema or in those of a search path (earlier schemas win). Objects of a
/// lower tier win: a role may have the name of a schema.
pub fn candidates(
    connection: &Connection,
    schema: Option<&str>,
    name: &str,
    path: &[u32],
) -> Result<Vec<Place>, Error> {
    let mut candidates: Vec<(i32, Place)> = Vec::new();
    let args = [Arg::Text(name), Arg::Text(schema.unwrap_or_default()), Arg::Oids(path)];
    connection.read(include_str!("queries/candidates.sql"), &args, &["tier", "class", "oid"], |cells| {
        candidates.push((take(cells, "tier")?, Place { class: take(cells, "class")?, oid: take(cells, "oid")? }));
        Ok(())
    })?;
    candidates.sort_unstable();
    let best = candidates.first().map(|(tier, _)| *tier);
    Ok(candidates.into_iter().filter(|(tier, _)| Some(*tier) == best).map(|(_, place)| place).collect())
}
