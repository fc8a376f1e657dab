//! Deploys versions into a schema of this database, alters what is deployed by a plan, and takes deployments back. All that one call
//! does is one transaction.

use std::time::Instant;

use pgmeta_core::ddl;
use pgmeta_core::diff::rename;
use pgmeta_core::fingerprint::fingerprint;
use pgmeta_core::ident::Name;
use pgmeta_core::model::Model;
use pgmeta_core::parallel::Sequential;
use pgmeta_core::plan::{self, Forbidden, Options, Step, forbidden};
use serde_json::{Value, json};

use crate::catalog;
use crate::error::{Error, first, sqlstate};
use crate::executor::{Execution, execute, milliseconds};
use crate::registry::canonical::canonical;
use crate::registry::deployed;
use crate::registry::entry::{Entry, find};
use crate::registry::error::RegistryError;
use crate::registry::event;
use crate::registry::failure;
use crate::registry::right::Right;
use crate::registry::statements::{Done, Statements};
use crate::registry::store::{Caller, change};
use crate::registry::version::definition_of;
use crate::spi::{Arg, SnapshotGuard, attempt_to_the_end};

/// What is deployed, where and how.
#[derive(Debug, Default)]
pub struct DeployOptions {
    pub schema: Option<String>,
    /// Only return the statements.
    pub dry_run: bool,
    /// Overwrite what was changed by hand since the last deployment.
    pub overwrite_drift: bool,
    pub plan: Options,
}

/// A call that deploys.
struct Deployment {
    entry: Entry,
    action: &'static str,
    to_version: Option<i64>,
    options: DeployOptions,
    /// The number of the statement that runs.
    at: usize,
}

/// Deploys a version, or the latest.
pub fn deploy(
    definition: &str,
    version: Option<i64>,
    action: &'static str,
    options: DeployOptions,
) -> Result<Vec<Done>, Error> {
    let entry = find(definition, Right::Deploy)?.locked()?;
    let to_version = Some(version.unwrap_or(entry.version));
    Deployment { entry, action, to_version, options, at: 0 }.run(Deployment::deploy)
}

/// Drops what a definition has deployed.
pub fn undeploy(definition: &str, options: DeployOptions) -> Result<Vec<Done>, Error> {
    let entry = find(definition, Right::Deploy)?.locked()?;
    Deployment { entry, action: "undeploy", to_version: None, options, at: 0 }.run(Deployment::undeploy)
}

impl Deployment {
    /// Runs the deployment and records it, also if it fails.
    fn run(mut self, work: fn(&mut Self) -> Result<Vec<Done>, Error>) -> Result<Vec<Done>, Error> {
        let (started_at, start) = (now()?, Instant::now());
        let result = attempt_to_the_end(|| work(&mut self));
        if self.options.dry_run {
            return result;
        }
        let row = |steps: usize, error: Option<&Error>| {
            json!({
                "definition": self.entry.id,
                "action": self.action,
                "from_version": self.entry.deployed_version,
                "to_version": self.to_version,
                "target": self.options.schema.as_ref().map_or_else(String::new, |name| format!("schema \"{name}\"")),
                "role": Caller::current().map(|caller| caller.name).unwrap_or_default(),
                "started_at": started_at,
                "duration_ms": milliseconds(start.elapsed()),
                "steps": steps,
                "error": error.map(ToString::to_string),
                "sqlstate": error.map(|error| sqlstate(error.code())),
                "detail": error.and_then(Error::detail),
            })
        };
        match &result {
            Ok(done) => {
                failure::insert(&row(done.len(), None))?;
                let detail = json!({"version": self.to_version, "schema": self.options.schema});
                event::record(&self.entry.id, event_of(self.action), &detail)?;
            }
            // Nothing ran, so the state is what it was.
            Err(error) if self.is_refusal(error) => {}
            Err(error) => failure::insert_apart(&row(self.at, Some(error)))?,
        }
        result
    }

    /// Returns whether an error was raised before anything ran.
    fn is_refusal(&self, error: &Error) -> bool {
        self.at == 0 && !matches!(error, Error::Server { .. } | Error::Step { .. })
    }

    fn deploy(&mut self) -> Result<Vec<Done>, Error> {
        let definition = definition_of(&self.entry, self.to_version)?;
        let schema: Name = match (&self.options.schema, &self.entry.schema) {
            (Some(wanted), Some(own)) if wanted != own => {
                let target = self.entry.target().unwrap_or_default();
                return Err(RegistryError::DeployedElsewhere { name: self.entry.name.clone(), target }.into());
            }
            (Some(name), _) => name.as_str().into(),
            (None, _) => self.entry.schema_of(&definition),
        };
        self.options.schema = Some(schema.to_string());
        let statements = Statements::of(definition, Some(schema.clone()))?;
        let done = match self.entry.deployed_version {
            None => self.create(&statements)?,
            Some(_) => self.alter(&statements)?,
        };
        if !self.options.dry_run {
            self.keep(&statements.schemas())?;
        }
        Ok(done)
    }

    /// Creates all objects, where none are.
    fn create(&mut self, statements: &Statements) -> Result<Vec<Done>, Error> {
        let existing = deployed::existing(&statements.schemas())?;
        for schema in &existing {
            if let Some(extension) = deployed::extension_in(schema)? {
                return Err(RegistryError::ExtensionInSchema { schema: schema.clone(), extension }.into());
            }
            if !deployed::is_empty(schema)? {
                return Err(RegistryError::SchemaInUse(schema.clone()).into());
            }
        }
        if self.options.dry_run {
            let shown = |text: &str| Done { statement: text.to_owned(), duration_ms: None };
            return Ok(statements.list(&existing).into_iter().map(shown).collect());
        }
        let result = attempt_to_the_end(|| statements.run(&existing, &mut self.at));
        result
            .map_err(|error| self.at_statement(error, statements.list(&existing).get(self.at.wrapping_sub(1)).copied()))
    }

    /// Alters what is deployed.
    fn alter(&mut self, statements: &Statements) -> Result<Vec<Done>, Error> {
        let mut schemas = statements.schemas();
        let saved = deployed::saved(&self.entry)?.unwrap_or_default();
        schemas.extend(deployed::schema_names(&saved));
        schemas.sort();
        schemas.dedup();
        self.check_unchanged(&saved, &schemas)?;
        let mut target = canonical(statements, &mut 0)?;
        target.extensions.clear();
        self.run_plan(&target, schemas)
    }

    fn undeploy(&mut self) -> Result<Vec<Done>, Error> {
        if self.entry.deployed_version.is_none() {
            return Err(RegistryError::NotDeployed(self.entry.name.clone()).into());
        }
        self.options.schema.clone_from(&self.entry.schema);
        let saved = deployed::saved(&self.entry)?.unwrap_or_default();
        let schemas = deployed::schema_names(&saved);
        self.check_unchanged(&saved, &schemas)?;
        let target = Model {
            format_version: saved.format_version,
            server_version_num: saved.server_version_num,
            ..Model::default()
        };
        let done = self.run_plan(&target, schemas)?;
        if !self.options.dry_run {
            const CLEAR: &str = "UPDATE pgmeta_registry.definitions SET deployed_schema = NULL, deployed_version = NULL, \
                deployed_fingerprint = NULL, deployed_at = NULL WHERE id = $1::uuid";
            change(CLEAR, &[Arg::Text(&self.entry.id)])?;
            deployed::forget(&self.entry.id)?;
        }
        Ok(done)
    }

    /// Returns an error if the deployed schemas are not as they were, or not as the caller saw them.
    fn check_unchanged(&self, saved: &Model, schemas: &[String]) -> Result<(), Error> {
        let live = deployed::model_of(schemas)?;
        if let Some(expected) = &self.options.plan.expected_fingerprint {
            let found = fingerprint_of(&live)?;
            if found != *expected {
                return Err(Error::Fingerprint { found, expected: expected.clone() });
            }
        }
        let drift = deployed::change_texts(&live, saved, &Options::default());
        if drift.is_empty() || self.options.overwrite_drift { Ok(()) } else { Err(RegistryError::Drift(drift).into()) }
    }

    /// Plans the way from the live schemas to a target, and runs the plan.
    fn run_plan(&mut self, target: &Model, schemas: Vec<String>) -> Result<Vec<Done>, Error> {
        let options = deployment_options(Options { schemas: Some(schemas), ..self.options.plan.clone() });
        let mut source = live(target, &options)?;
        let renames = rename(&mut source, target, &options.renames)?;
        let steps = plan::plan(&source, target, &renames, &options)?;
        if self.options.dry_run {
            let shown = |step: Step| Done { statement: step.statement.sql, duration_ms: None };
            return Ok(steps.into_iter().map(shown).collect());
        }
        if let Some(Forbidden { hazards, steps }) = forbidden(&steps, &options.allow_hazards) {
            return Err(Error::Hazards { hazards, statements: steps });
        }
        let mut done = Vec::with_capacity(steps.len());
        for step in &steps {
            self.at += 1;
            let Execution { duration, result, .. } = execute(step, &step.statement.sql);
            result.map_err(|error| self.at_statement(error, Some(&step.statement.sql)))?;
            done.push(Done { statement: step.statement.sql.clone(), duration_ms: Some(duration) });
        }
        self.check_reached(target, &options)?;
        Ok(done)
    }

    /// Returns an error if the plan did not reach its target.
    fn check_reached(&self, target: &Model, options: &Options) -> Result<(), Error> {
        let left = deployed::change_texts(&live(target, options)?, target, options);
        if left.is_empty() { Ok(()) } else { Err(Error::StillDiffers(first(&left))) }
    }

    /// Records what is deployed now.
    fn keep(&mut self, schemas: &[String]) -> Result<(), Error> {
        const KEEP: &str = "UPDATE pgmeta_registry.definitions SET deployed_schema = $2, deployed_version = $3, \
            deployed_fingerprint = $4, deployed_at = statement_timestamp() WHERE id = $1::uuid";
        let model = deployed::model_of(schemas)?;
        deployed::save(&self.entry.id, &model)?;
        let fingerprint = fingerprint_of(&model)?;
        let schema = self.options.schema.clone().unwrap_or_default();
        let version = self.to_version.unwrap_or_default();
        let args = [Arg::Text(&self.entry.id), Arg::Text(&schema), Arg::Int(version), Arg::Text(&fingerprint)];
        change(KEEP, &args).map(std::mem::drop)
    }

    /// Adds the statement to an error of the server.
    fn at_statement(&self, error: Error, statement: Option<&str>) -> Error {
        match (error, statement) {
            (Error::Server { code, message, .. }, Some(statement)) => {
                RegistryError::Step { step: self.at, statement: statement.to_owned(), code, message }.into()
            }
            (other, _) => other,
        }
    }
}

/// Returns what has happened after an action.
fn event_of(action: &str) -> &'static str {
    match action {
        "rollback" => "rolled_back",
        "undeploy" => "undeployed",
        _ => "deployed",
    }
}

/// Returns the options of a plan that a deployment runs: the objects belong to whoever deployed them first, and all is one transaction.
pub fn deployment_options(options: Options) -> Options {
    Options { owner: false, concurrently: false, ..options }
}

/// Reads what is there now of the target's schemas, with sizes, which plans need.
fn live(target: &Model, options: &Options) -> Result<Model, Error> {
    let _snapshot = SnapshotGuard::new();
    let mut model = catalog::live(target, options)?;
    model.extensions.clear();
    Ok(model)
}

/// Returns the fingerprint of schemas, as `pgmeta_fingerprint` does.
pub fn fingerprint_of(model: &Model) -> Result<String, Error> {
    let mut model = model.clone();
    model.mask_secrets();
    let check = || {
        crate::interrupt::look();
        Ok::<_, Error>(())
    };
    Ok(fingerprint(&ddl::export(&model, &ddl::Options::default(), check, &Sequential)?))
}

/// Returns the time as text.
fn now() -> Result<Value, Error> {
    let sql = "SELECT clock_timestamp()::text AS now";
    let _pinned = crate::guc::GucGuard::new();
    Ok(Value::String(crate::spi::Connection::open()?.one(sql, &[], "now")?))
}
