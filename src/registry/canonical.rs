//! What the server makes of a definition: its objects are created, read and rolled back. Only the server can print expressions as it
//! prints those of deployed objects.

use pgmeta_core::ident::ident;
use pgmeta_core::model::Model;

use crate::error::Error;
use crate::registry::deployed;
use crate::registry::statements::{Statements, rename};
use crate::server;
use crate::spi::{execute, run_and_roll_back};

/// Returns the model of a definition in the schemas that its statements name. Schemas that exist have other names meanwhile, in this
/// transaction only.
pub fn canonical(statements: &Statements, at: &mut usize) -> Result<Model, Error> {
    let schemas = statements.schemas();
    run_and_roll_back(|| {
        for (number, schema) in deployed::existing(&schemas)?.iter().enumerate() {
            execute(&rename(schema, &format!("pgmeta_{}_{number}", server::own_pid())))?;
        }
        // Extensions cannot be created twice.
        for extension in &statements.model.extensions {
            let schema = ident(&extension.schema);
            execute(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))?;
            execute(&format!("CREATE EXTENSION IF NOT EXISTS {} SCHEMA {schema}", ident(&extension.name)))?;
        }
        let created = deployed::existing(&schemas)?;
        statements.run(&created, at)?;
        deployed::model_of(&schemas)
    })
}
