//! Deploys versions into a schema or a database, alters what is deployed, and takes deployments back. Records what it does in the registry;
//! the work itself is that of `work.rs`.

use std::time::Instant;

use pgmeta_core::ident::Name;
use pgmeta_core::plan::Options;
use pgmeta_definition::Definition;
use serde_json::{Value, json};

use crate::error::{Error, sqlstate};
use crate::executor::milliseconds;
use crate::message::warn;
use crate::registry::database::{self, LONGEST, Mark};
use crate::registry::deployed;
use crate::registry::entry::{Entry, find};
use crate::registry::error::RegistryError;
use crate::registry::event;
use crate::registry::failure;
use crate::registry::right::Right;
use crate::registry::statements::Done;
use crate::registry::store::{Caller, change};
use crate::registry::target::Target;
use crate::registry::version::definition_of;
use crate::registry::work::{Deployed, Extent, Outcome, Progress, Work, is_refusal};
use crate::spi::{Arg, attempt_to_the_end};

/// What is deployed, where and how.
#[derive(Debug, Default)]
pub struct DeployOptions {
    pub target: Option<Target>,
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
    progress: Progress,
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
    Deployment { entry, action, to_version, options, progress: Progress::default() }.run(Deployment::deploy)
}

/// Drops what a definition has deployed.
pub fn undeploy(definition: &str, options: DeployOptions) -> Result<Vec<Done>, Error> {
    let entry = find(definition, Right::Deploy)?.locked()?;
    Deployment { entry, action: "undeploy", to_version: None, options, progress: Progress::default() }
        .run(Deployment::undeploy)
}

impl Deployment {
    /// Runs the deployment and records it, also if it fails.
    fn run(mut self, work: fn(&mut Self) -> Result<Vec<Done>, Error>) -> Result<Vec<Done>, Error> {
        let (started_at, start) = (now()?, Instant::now());
        let result = attempt_to_the_end(|| work(&mut self));
        if self.options.dry_run {
            return result;
        }
        let target = &self.options.target;
        let row = |steps: usize, error: Option<&Error>| {
            json!({
                "definition": self.entry.id,
                "action": self.action,
                "from_version": self.entry.deployed_version,
                "to_version": self.to_version,
                "target": target.as_ref().map_or_else(String::new, Target::to_string),
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
                let mut detail = target.as_ref().map_or_else(|| json!({}), Value::from);
                detail["version"] = json!(self.to_version);
                event::record(&self.entry.id, event_of(self.action), &detail)?;
            }
            // Nothing ran, so the state is what it was.
            Err(error) if self.progress.is_refusal.unwrap_or_else(|| is_refusal(error, self.progress.at)) => {}
            Err(error) => {
                // The caller needs the deployment's error, not that of its record.
                if let Err(unrecorded) = failure::insert_apart(&row(self.progress.at, Some(error))) {
                    warn(&format!("could not record the failed deployment: {unrecorded}"));
                }
            }
        }
        result
    }

    fn deploy(&mut self) -> Result<Vec<Done>, Error> {
        let definition = definition_of(&self.entry, self.to_version)?;
        let target = self.target(&definition)?;
        self.options.target = Some(target.clone());
        let schema = match &target {
            Target::Schema(name) => name.clone(),
            Target::Database(_) => definition.own_schema(),
        };
        let work = self.work(Some(definition), Some(schema))?;
        let Outcome { done, deployed } = self.run_in(&target, work)?;
        if let Some(deployed) = deployed {
            self.keep(&target, &deployed)?;
        }
        Ok(done)
    }

    fn undeploy(&mut self) -> Result<Vec<Done>, Error> {
        let Some(target) = self.entry.target() else {
            return Err(RegistryError::NotDeployed(self.entry.name.clone()).into());
        };
        self.options.target = Some(target.clone());
        let work = self.work(None, None)?;
        let done = self.run_in(&target, work)?.done;
        if !self.options.dry_run {
            const CLEAR: &str = "UPDATE pgmeta_registry.definitions SET deployed_schema = NULL, deployed_database = NULL, \
                deployed_version = NULL, deployed_fingerprint = NULL, deployed_at = NULL WHERE id = $1::uuid";
            change(CLEAR, &[Arg::Text(&self.entry.id)])?;
            deployed::forget(&self.entry.id)?;
        }
        Ok(done)
    }

    /// Returns where a version is to be deployed: where the definition is deployed already, where the caller wants it, or in a schema.
    fn target(&self, definition: &Definition) -> Result<Target, Error> {
        match (&self.options.target, self.entry.target()) {
            (Some(wanted), Some(own)) if *wanted != own => {
                Err(RegistryError::DeployedElsewhere { name: self.entry.name.clone(), target: own.to_string() }.into())
            }
            (Some(target), _) => Ok(target.clone()),
            (None, Some(own)) => Ok(own),
            (None, None) => Ok(Target::Schema(self.entry.schema_of(definition))),
        }
    }

    fn work(&self, definition: Option<Definition>, schema: Option<Name>) -> Result<Work, Error> {
        let deployed = match &self.entry.deployed_fingerprint {
            None => None,
            Some(fingerprint) => {
                let (model, prepared) = deployed::saved(&self.entry)?.unwrap_or_default();
                Some(Deployed { model, fingerprint: fingerprint.clone(), prepared })
            }
        };
        let extent = if self.options.dry_run { Extent::Show } else { Extent::Run };
        let (overwrite_drift, plan) = (self.options.overwrite_drift, self.options.plan.clone());
        Ok(Work { definition, schema, deployed, extent, overwrite_drift, plan })
    }

    fn run_in(&mut self, target: &Target, work: Work) -> Result<Outcome, Error> {
        match target {
            Target::Schema(name) => {
                check_length(name)?;
                let outcome = work.run(&mut self.progress.at)?;
                match deployed::schema_of_another(&self.entry, &outcome.found_schemas(work.deployed.as_ref()))? {
                    Some(schema) => Err(RegistryError::SchemaOfAnother(schema).into()),
                    None => Ok(outcome),
                }
            }
            Target::Database(name) => {
                let mark = Mark { definition: self.entry.id.clone(), version: self.to_version.unwrap_or_default() };
                database::run(name, work, mark, &mut self.progress)
            }
        }
    }

    /// Records what is deployed now.
    fn keep(&mut self, target: &Target, deployed: &Deployed) -> Result<(), Error> {
        const KEEP: &str = "UPDATE pgmeta_registry.definitions SET deployed_schema = $2, deployed_database = $3, deployed_version = $4, \
            deployed_fingerprint = $5, deployed_at = statement_timestamp() WHERE id = $1::uuid";
        deployed::save(&self.entry.id, &deployed.model, &deployed.prepared)?;
        let args = [
            Arg::Text(&self.entry.id),
            Arg::MaybeText(target.schema()),
            Arg::MaybeText(target.database()),
            Arg::Int(self.to_version.unwrap_or_default()),
            Arg::Text(&deployed.fingerprint),
        ];
        change(KEEP, &args).map(std::mem::drop)
    }
}

/// Returns an error if the server would cut a schema's name.
fn check_length(schema: &str) -> Result<(), Error> {
    if schema.len() <= LONGEST {
        return Ok(());
    }
    let hint = format!("A schema's name has at most {LONGEST} bytes. Choose another one with the option \"schema\".");
    Err(Error::BadArgument { name: "the deployed schema", value: schema.to_owned(), hint })
}

/// Returns what has happened after an action.
fn event_of(action: &str) -> &'static str {
    match action {
        "rollback" => "rolled_back",
        "undeploy" => "undeployed",
        _ => "deployed",
    }
}

/// Returns the time as text.
fn now() -> Result<Value, Error> {
    let sql = "SELECT clock_timestamp()::text AS now";
    let _pinned = crate::guc::GucGuard::new();
    Ok(Value::String(crate::spi::Connection::open()?.one(sql, &[], "now")?))
}
