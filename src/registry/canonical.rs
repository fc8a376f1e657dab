//! What the server makes of a definition: its objects are created, read and rolled back. Only the server can print expressions as it
//! prints those of deployed objects.

use pgmeta_core::ident::ident;
use pgmeta_core::model::Model;

use crate::error::Error;
use crate::guc::GucGuard;
use crate::registry::deployed;
use crate::registry::statements::{Statements, rename};
use crate::spi::{Arg, Connection, SnapshotGuard, execute, run_and_roll_back};

/// Returns the model of a definition in the schemas that its statements name. Schemas that exist have other names meanwhile, in this
/// transaction only.
pub fn canonical(statements: &Statements) -> Result<Model, Error> {
    let schemas = statements.schemas();
    run_and_roll_back(|| {
        let existing = deployed::existing(&schemas)?;
        for schema in &existing {
            execute(&rename(schema, &free_name()?))?;
        }
        for extension in &statements.model.extensions {
            let (name, schema) = (ident(&extension.name), ident(&extension.schema));
            execute(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))?;
            // It cannot be created twice: one in a schema of the definition was moved away with that.
            let moved = existing.iter().any(|own| **own == *extension.schema) && is_installed(&extension.name)?;
            let statement = if moved {
                format!("ALTER EXTENSION {name} SET SCHEMA {schema}")
            } else {
                format!("CREATE EXTENSION IF NOT EXISTS {name} SCHEMA {schema}")
            };
            execute(&statement)?;
        }
        statements.run(&deployed::existing(&schemas)?, &mut 0)?;
        deployed::model_of(&schemas)
    })
}

/// Returns a name that nobody can have taken before.
fn free_name() -> Result<String, Error> {
    const NAME: &str = "SELECT 'pgmeta_' || pg_catalog.gen_random_uuid() AS name";
    let _pinned = GucGuard::new();
    Connection::open()?.one(NAME, &[], "name")
}

fn is_installed(extension: &str) -> Result<bool, Error> {
    const FIND: &str = "SELECT pg_catalog.count(*) > 0 AS found FROM pg_catalog.pg_extension e WHERE e.extname = $1";
    let _pinned = GucGuard::new();
    let _snapshot = SnapshotGuard::new();
    Connection::open()?.one(FIND, &[Arg::Text(extension)], "found")
}
