//! The live schema as one side of a plan: read and restricted as its target is.

use pgmeta_core::catalog_rows::Wanted;
use pgmeta_core::diff::rename;
use pgmeta_core::model::{Model, ObjectRef};
use pgmeta_core::plan::Options;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::plan;
use crate::api::side::snapshot;
use crate::catalog::{self, Scope};
use crate::document::{Document, Given};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::spi::Connection;

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_live(
    target: Option<Given>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Document>, ErrorReport> {
    let options = plan::parse_options(options)?;
    let Some(target) = target else { return Ok(None) };
    let target = snapshot("target", target)?;
    let model = live(&plan::read(&target, &options)?, &options)?;
    Ok(Some(Document::of(&model)?))
}

/// `pgmeta_plan(pgmeta_live(target), target)`, without the live side as JSON between the two.
#[pg_extern(stable, parallel_unsafe)]
#[expect(clippy::type_complexity, reason = "pgrx must see the columns of RETURNS TABLE")]
fn pgmeta_plan_live(
    target: Option<Given>,
    options: default!(Option<Document>, "'{}'"),
) -> Result<
    TableIterator<
        'static,
        (
            name!(step, i32),
            name!(transaction, Option<i32>),
            name!(statement, Text),
            name!(hazards, Texts),
            name!(lock_level, Option<Text>),
            name!(lock_timeout_ms, i32),
            name!(statement_timeout_ms, i32),
            name!(rewrites, Texts),
            name!(reason, Option<Text>),
            name!(type, Text),
            name!(identity, Text),
        ),
    >,
    ErrorReport,
> {
    let options = plan::parse_options(options)?;
    let Some(target) = target else { return Ok(TableIterator::empty()) };
    let target = plan::read(&snapshot("target", target)?, &options)?;
    let mut live = live(&target, &options)?;
    let renames = rename(&mut live, &target, &options.renames).map_err(Error::from)?;
    let steps = pgmeta_core::plan::plan(&live, &target, &renames, &options).map_err(Error::from)?;
    Ok(TableIterator::new(steps.into_iter().map(plan::step_row)))
}

/// Reads what the target describes, with sizes.
pub fn live(target: &Model, options: &Options) -> Result<Model, Error> {
    let of_cluster = [
        target.roles.is_empty(),
        target.role_memberships.is_empty(),
        target.tablespaces.is_empty(),
        target.databases.is_empty(),
        target.parameter_privileges.is_empty(),
    ];
    let mut scope = Scope {
        schemas: options.schemas.clone(),
        wanted: Wanted {
            in_schemas: true,
            relations: true,
            global: options.schemas.is_none(),
            cluster: options.schemas.is_none() && of_cluster.contains(&false),
            dependencies: true,
        },
        ..Scope::default()
    };
    let mut outcome = match catalog::read(&scope) {
        // The plan may be about to make them.
        Err(Error::MissingSchemas { names: missing, .. }) => {
            scope.schemas.iter_mut().for_each(|names| names.retain(|name| !missing.contains(name)));
            catalog::read(&scope)?
        }
        other => other?,
    };
    catalog::add_sizes(&mut outcome, scope.schemas.as_deref())?;
    let mut model = outcome.model;
    if is_masked(target) {
        model.mask_secrets();
    }
    leave_home(&mut model, target)?;
    plan::restrict(&mut model, options)?;
    Ok(model)
}

/// Returns whether a snapshot shows no secret, so that the live side must not either.
fn is_masked(target: &Model) -> bool {
    let mut masked = Model {
        roles: target.roles.clone(),
        foreign_data_wrappers: target.foreign_data_wrappers.clone(),
        servers: target.servers.clone(),
        user_mappings: target.user_mappings.clone(),
        subscriptions: target.subscriptions.clone(),
        ..Model::default()
    };
    let shown = masked.clone();
    masked.mask_secrets();
    masked == shown
}

/// Leaves out the schema that pgmeta's functions are in, where the target knows nothing of it: a plan must not saw off its branch.
fn leave_home(model: &mut Model, target: &Model) -> Result<(), Error> {
    let home = catalog::extension_schema(&Connection::open()?)?;
    let in_target = |object: ObjectRef<'_>| object.object().key().schema().is_some_and(|schema| **schema == *home);
    if !target.objects().any(in_target) {
        model.schemas.retain(|schema| *schema.name != *home);
    }
    Ok(())
}
