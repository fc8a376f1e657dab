//! Rights of other roles on a definition.

use pgmeta_core::cells::take;
use serde_json::json;

use crate::error::Error;
use crate::registry::entry::find;
use crate::registry::event;
use crate::registry::right::Right;
use crate::registry::store::{Caller, change, read};
use crate::server;
use crate::spi::Arg;

/// Sets the rights of a role on a definition; none revokes them.
pub fn share(definition: &str, role: u32, rights: &[Right]) -> Result<(), Error> {
    const REVOKE: &str = "DELETE FROM pgmeta_registry.grants g \
        WHERE g.definition = $1::uuid AND g.role_oid = $2::oid AND g.origin = $3";
    const GRANT: &str = "INSERT INTO pgmeta_registry.grants (definition, role, role_oid, origin, rights, granted_by) \
        SELECT $1::uuid, r.rolname, r.oid, $3, $4, $5 FROM pg_roles r WHERE r.oid = $2::oid";
    let entry = find(definition, Right::Admin)?.locked()?;
    let caller = Caller::current()?;
    let words: Vec<String> = rights.iter().map(|right| right.word().to_owned()).collect();
    let (id, role_arg, origin) = (Arg::Text(&entry.id), Arg::Int(role.into()), server::origin());
    change(REVOKE, &[id, role_arg, Arg::Text(&origin)])?;
    if !words.is_empty() {
        change(GRANT, &[id, role_arg, Arg::Text(&origin), Arg::Texts(&words), Arg::Text(&caller.name)])?;
    }
    event::record(&entry.id, "shared", &json!({"role": role_name(role)?, "rights": words}))
}

fn role_name(role: u32) -> Result<Option<String>, Error> {
    let mut name = None;
    let sql = "SELECT r.rolname AS name FROM pg_roles r WHERE r.oid = $1::oid";
    read(sql, &[Arg::Int(role.into())], &["name"], |cells| {
        name = Some(take(cells, "name")?);
        Ok(())
    })?;
    Ok(name)
}
