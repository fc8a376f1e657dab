//! What a deployment does in its target: it creates, alters or drops. Does not touch the registry, which may be in another database.

use pgmeta_core::diff::rename;
use pgmeta_core::ident::Name;
use pgmeta_core::model::Model;
use pgmeta_core::plan::{self, Forbidden, Options, Step, forbidden};
use pgmeta_definition::Definition;
use serde::{Deserialize, Serialize};

use crate::catalog;
use crate::error::{Error, first};
use crate::executor::{Execution, execute};
use crate::registry::canonical::canonical;
use crate::registry::deployed::{self, fingerprint_of};
use crate::registry::error::RegistryError;
use crate::registry::statements::{Done, Statements, at_statement};
use crate::spi::SnapshotGuard;

/// How far a deployment runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Extent {
    Run,
    /// Only return the statements, also those whose hazards are not allowed.
    Show,
    /// Only return the statements, if they may run.
    Check,
}

/// A deployment.
#[derive(Debug, Serialize, Deserialize)]
pub struct Work {
    /// What is deployed; without it, everything is dropped.
    pub definition: Option<Definition>,
    /// The schema of objects that name none.
    pub schema: Option<Name>,
    /// What was deployed before.
    pub deployed: Option<Deployed>,
    pub extent: Extent,
    /// Overwrite what was changed by hand since the last deployment.
    pub overwrite_drift: bool,
    pub plan: Options,
}

/// Schemas as they are after a deployment.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Deployed {
    pub model: Model,
    pub fingerprint: String,
    /// The schemas that existed before the first deployment: they are neither dropped nor changed themselves.
    pub prepared: Vec<String>,
}

/// The result of a deployment.
#[derive(Debug, Serialize, Deserialize)]
pub struct Outcome {
    pub done: Vec<Done>,
    /// The schemas afterwards; `None` after a dry run, or if everything is dropped.
    pub deployed: Option<Deployed>,
}

/// How far a deployment has come.
#[derive(Debug, Default)]
pub struct Progress {
    /// The number of the statement that runs.
    pub at: usize,
    /// Whether a worker's error was raised before anything ran.
    pub is_refusal: Option<bool>,
}

impl Work {
    /// Does it, or returns the statements. `at` is the number of the statement that runs.
    pub fn run(&self, at: &mut usize) -> Result<Outcome, Error> {
        let statements = self.statements()?;
        let prepared = match (&statements, &self.deployed) {
            (_, Some(deployed)) => deployed.prepared.clone(),
            (Some(statements), None) => deployed::existing(&statements.schemas())?,
            (None, None) => Vec::new(),
        };
        let done = match (&statements, &self.deployed) {
            (Some(statements), None) => self.create(statements, &prepared, at)?,
            (_, Some(deployed)) => self.alter(statements.as_ref(), deployed, at)?,
            (None, None) => Vec::new(),
        };
        let deployed = match statements {
            Some(statements) if self.extent == Extent::Run => {
                Some(Deployed { prepared, ..Deployed::read(&statements.schemas())? })
            }
            _ => None,
        };
        Ok(Outcome { done, deployed })
    }

    pub fn statements(&self) -> Result<Option<Statements>, Error> {
        self.definition.clone().map(|definition| Statements::of(definition, self.schema.clone())).transpose()
    }

    /// Creates all objects, where none are.
    fn create(&self, statements: &Statements, existing: &[String], at: &mut usize) -> Result<Vec<Done>, Error> {
        for schema in existing {
            if let Some(extension) = deployed::extension_in(schema)? {
                return Err(RegistryError::ExtensionInSchema { schema: schema.clone(), extension }.into());
            }
            if !deployed::is_empty(schema)? {
                return Err(RegistryError::SchemaInUse(schema.clone()).into());
            }
        }
        if self.extent != Extent::Run {
            return Ok(statements.list(existing).into_iter().map(Done::shown).collect());
        }
        statements.run(existing, at)
    }

    /// Alters what is deployed.
    fn alter(&self, statements: Option<&Statements>, before: &Deployed, at: &mut usize) -> Result<Vec<Done>, Error> {
        let mut schemas = deployed::schema_names(&before.model);
        schemas.extend(statements.iter().flat_map(|statements| statements.schemas()));
        schemas.sort();
        schemas.dedup();
        self.check_unchanged(before, &schemas)?;
        let target = match statements {
            Some(statements) => {
                let mut target = canonical(statements)?;
                target.extensions.clear();
                target
            }
            None => Model {
                format_version: before.model.format_version,
                server_version_num: before.model.server_version_num,
                ..Model::default()
            },
        };
        let target = keeping(target, &deployed::model_of(&before.prepared)?, &before.prepared);
        self.run_plan(&target, schemas, at)
    }

    /// Returns an error if the deployed schemas are not as they were, or not as the caller saw them.
    fn check_unchanged(&self, before: &Deployed, schemas: &[String]) -> Result<(), Error> {
        let live = Deployed::read(schemas)?;
        if let Some(expected) = &self.plan.expected_fingerprint
            && live.fingerprint != *expected
        {
            return Err(Error::Fingerprint { found: live.fingerprint, expected: expected.clone() });
        }
        if self.overwrite_drift || live.fingerprint == before.fingerprint {
            return Ok(());
        }
        let before = keeping(before.model.clone(), &live.model, &before.prepared);
        let drift = deployed::change_texts(&live.model, &before, &Options::default());
        if drift.is_empty() { Ok(()) } else { Err(RegistryError::Drift(drift).into()) }
    }

    /// Plans the way from the live schemas to a target, and runs the plan.
    fn run_plan(&self, target: &Model, schemas: Vec<String>, at: &mut usize) -> Result<Vec<Done>, Error> {
        let options = deployment_options(Options { schemas: Some(schemas), ..self.plan.clone() });
        let mut source = live(target, &options)?;
        let renames = rename(&mut source, target, &options.renames)?;
        let steps = plan::plan(&source, target, &renames, &options)?;
        let shown = || steps.iter().map(|step: &Step| Done::shown(&step.statement.sql)).collect();
        if self.extent == Extent::Show {
            return Ok(shown());
        }
        if let Some(Forbidden { hazards, steps }) = forbidden(&steps, &options.allow_hazards) {
            return Err(Error::Hazards { hazards, statements: steps });
        }
        if self.extent == Extent::Check {
            return Ok(shown());
        }
        let mut done = Vec::with_capacity(steps.len());
        for step in &steps {
            *at += 1;
            let Execution { duration, result, .. } = execute(step, &step.statement.sql);
            result.map_err(|error| at_statement(error, *at, Some(&step.statement.sql)))?;
            done.push(Done { statement: step.statement.sql.clone(), duration_ms: Some(duration) });
        }
        let left = deployed::change_texts(&live(target, &options)?, target, &options);
        if left.is_empty() { Ok(done) } else { Err(Error::StillDiffers(first(&left))) }
    }
}

impl Outcome {
    /// Returns the schemas of this deployment that may have been there for somebody else.
    pub fn found_schemas(&self, before: Option<&Deployed>) -> Vec<String> {
        let Some(deployed) = &self.deployed else { return Vec::new() };
        match before {
            None => deployed.prepared.clone(),
            Some(before) => {
                let known = deployed::schema_names(&before.model);
                deployed::schema_names(&deployed.model).into_iter().filter(|name| !known.contains(name)).collect()
            }
        }
    }
}

impl Deployed {
    /// Reads schemas as they are now.
    pub fn read(schemas: &[String]) -> Result<Self, Error> {
        let model = deployed::model_of(schemas)?;
        let fingerprint = fingerprint_of(&model)?;
        Ok(Self { model, fingerprint, prepared: Vec::new() })
    }
}

/// Returns the options of a plan that a deployment runs: the objects belong to whoever deployed them first, and all is one transaction.
pub fn deployment_options(options: Options) -> Options {
    Options { owner: false, concurrently: false, ..options }
}

/// Returns whether an error was raised before anything ran.
pub fn is_refusal(error: &Error, at: usize) -> bool {
    at == 0 && !matches!(error, Error::Server { .. } | Error::Step { .. })
}

/// Reads what is there now of the target's schemas, with sizes, which plans need.
fn live(target: &Model, options: &Options) -> Result<Model, Error> {
    let _snapshot = SnapshotGuard::new();
    let mut model = catalog::live(target, options)?;
    model.extensions.clear();
    Ok(model)
}

/// Returns a model with the schemas that belong to somebody else as they are now.
pub fn keeping(mut model: Model, live: &Model, prepared: &[String]) -> Model {
    let is_prepared = |name: &Name| prepared.iter().any(|own| **own == **name);
    model.schemas.retain(|schema| !is_prepared(&schema.name));
    model.schemas.extend(live.schemas.iter().filter(|schema| is_prepared(&schema.name)).cloned());
    model.sort();
    model
}
