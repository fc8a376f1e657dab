//! Asks the server which types there are.

use crate::error::Error;
use crate::guc::GucGuard;
use crate::server;
use crate::spi::{Arg, Connection, attempt};

/// Returns the types among these, as a statement writes them, that the server does not have.
pub fn unknown_types(types: &[String]) -> Result<Vec<String>, Error> {
    let path = server::search_path();
    let _guard = GucGuard::new();
    let sql = include_str!("queries/type_exists.sql");
    let mut unknown = Vec::new();
    for name in types {
        // The server raises an error at a text that does not name a type.
        let known = attempt(|| Connection::open()?.one::<bool>(sql, &[Arg::Text(name), Arg::Oids(&path)], "known"));
        match known {
            Ok(true) => {}
            Ok(false) | Err(Error::Server { .. }) => unknown.push(name.clone()),
            Err(other) => return Err(other),
        }
    }
    Ok(unknown)
}
