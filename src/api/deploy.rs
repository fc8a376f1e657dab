//! Deployments of definitions: deploy, roll back, undeploy, and what is deployed.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::registry_arguments::{deploy_options, given, required};
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::registry::{self, Done, Right, find};
use crate::server;

returns_table! {
    /// A statement of a deployment.
    type Row = deployment_rows!(name!(step, i32), name!(statement, Text), name!(duration_ms, Option<f64>));
}

deployment_rows! {
    #[pg_extern(volatile, parallel_unsafe)]
    fn pgmeta_definition_deploy(
        definition: Option<Text>,
        version: default!(Option<i32>, "NULL"),
        options: default!(Option<Document>, "'{}'"),
    ) {
        server::require_writable("pgmeta_definition_deploy")?;
        deploy(definition.as_deref(), version, "deploy", options)
    }
}

deployment_rows! {
    #[pg_extern(volatile, parallel_unsafe)]
    fn pgmeta_definition_rollback(
        definition: Option<Text>,
        to_version: Option<i32>,
        options: default!(Option<Document>, "'{}'"),
    ) {
        server::require_writable("pgmeta_definition_rollback")?;
        let version = required("to_version", to_version)?;
        deploy(definition.as_deref(), Some(version), "rollback", options)
    }
}

deployment_rows! {
    #[pg_extern(volatile, parallel_unsafe)]
    fn pgmeta_definition_undeploy(definition: Option<Text>, options: default!(Option<Document>, "'{}'")) {
        server::require_writable("pgmeta_definition_undeploy")?;
        let done = registry::undeploy(given("definition", definition.as_deref())?, deploy_options(options)?)?;
        Ok(rows(done))
    }
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_definition_status(definition: Option<Text>) -> Result<Option<JsonB>, ErrorReport> {
    let Some(definition) = definition else { return Ok(None) };
    Ok(Some(JsonB(registry::status(&find(&definition, Right::Read)?)?)))
}

fn deploy(
    definition: Option<&str>,
    version: Option<i32>,
    action: &'static str,
    options: Option<Document>,
) -> Result<Vec<Row>, Error> {
    let options = deploy_options(options)?;
    Ok(rows(registry::deploy(given("definition", definition)?, version.map(Into::into), action, options)?))
}

fn rows(done: Vec<Done>) -> Vec<Row> {
    let row = |(step, own): (i32, Done)| (step, Text::from(own.statement), own.duration_ms);
    (1..).zip(done).map(row).collect()
}
