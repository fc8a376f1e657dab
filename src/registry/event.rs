//! Events: what happened to a definition, and who did it.

use serde_json::Value;

use crate::error::Error;
use crate::registry::store::{Caller, write};
use crate::spi::Arg;

/// Records an event, and notifies the definition's channel, if it has one. Every listener in the database receives the
/// notification, so it has neither name nor content.
pub fn record(definition: &str, event: &str, detail: &Value) -> Result<(), Error> {
    const INSERT: &str = "WITH e AS (INSERT INTO pgmeta_registry.events (definition, role, event, detail) \
            VALUES ($1::uuid, $2, $3, $4::jsonb) RETURNING id, definition, event) \
        SELECT e.id, CASE WHEN d.channel IS NOT NULL THEN pg_notify(d.channel, \
                json_build_object('id', e.id, 'definition', e.definition, 'event', e.event)::text)::text END AS notified \
        FROM e JOIN pgmeta_registry.definitions d ON d.id = e.definition";
    let caller = Caller::current()?;
    let detail = detail.to_string();
    let args = [Arg::Text(definition), Arg::Text(&caller.name), Arg::Text(event), Arg::Text(&detail)];
    write(INSERT, &args, &["id", "notified"], |_| Ok(()))
}
