//! Two versions of a definition: their differences, the migration between them, and what it does to a deployed schema.

use pgmeta_core::diff::inverse;
use pgmeta_core::plan::{Options, differences, plan};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::diff;
use crate::api::migration::{files, format_of};
use crate::api::options;
use crate::api::registry_arguments::{given, required};
use crate::api::sides::Sides;
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::{Document, JsonB};
use crate::registry::{self, Effect, Entry, Right, find};

diff_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_definition_diff(definition: Option<Text>, from_version: Option<i32>, to_version: Option<i32>) {
        let entry = entry(definition.as_deref())?;
        let options = Options::default();
        let sides = sides(&entry, from_version, to_version, &options)?;
        Ok(diff::rows(&sides, &options))
    }
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_definition_migration(
    definition: Option<Text>,
    from_version: Option<i32>,
    to_version: Option<i32>,
    format: default!(Option<Text>, "'plain'"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<TableIterator<'static, (name!(path, Text), name!(content, Text))>, ErrorReport> {
    let entry = entry(definition.as_deref())?;
    let options = options::of_plan(options)?;
    let format = format_of(format.as_deref().unwrap_or("plain"))?;
    let forth = sides(&entry, from_version, to_version, &options)?;
    // The option `using` applies to one direction only.
    let options_back = Options { using: Default::default(), renames: inverse(&forth.renames), ..options.clone() };
    let back = sides(&entry, to_version, from_version, &options_back)?;
    let up = plan(&forth.source, &forth.target, &forth.renames, &options).map_err(Error::from)?;
    let down = plan(&back.source, &back.target, &back.renames, &options_back).map_err(Error::from)?;
    Ok(TableIterator::new(files(format, &entry.name, None, &up, &down)?))
}

returns_table! {
    /// What a deployment would do to an object.
    type ImpactRow = impact_rows!(
        name!(type, Text),
        name!(identity, Text),
        name!(effect, Text),
        name!(detail, Option<Text>),
    );
}

impact_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_definition_impact(definition: Option<Text>, to_version: Option<i32>) {
        let entry = entry(definition.as_deref())?;
        impact(&entry, required("to_version", to_version)?)
    }
}

/// Compares a version with the deployed one, or with the latest if none is deployed.
fn impact(entry: &Entry, version: i32) -> Result<Vec<ImpactRow>, Error> {
    let options = registry::deployment_options(Options::default());
    let from = entry.deployed_version.unwrap_or(entry.version);
    let source = registry::model_of(entry, from)?;
    let sides = Sides::renamed(source, registry::model_of(entry, version.into())?, &options)?;
    let steps = plan(&sides.source, &sides.target, &sides.renames, &options)?;
    let differences = differences(&sides.renames, &sides.source, &sides.target, &options);
    let row = |own: Effect| (own.kind.into(), own.identity.into(), own.effect.into(), own.detail.map(Text::from));
    Ok(registry::effects(&differences, &steps).into_iter().map(row).collect())
}

fn entry(definition: Option<&str>) -> Result<Entry, Error> {
    find(given("definition", definition)?, Right::Read)
}

/// Returns two versions as people wrote them. No server takes part: equal texts are equal.
fn sides(entry: &Entry, from: Option<i32>, to: Option<i32>, options: &Options) -> Result<Sides, Error> {
    let (from, to) = (required("from_version", from)?, required("to_version", to)?);
    Sides::renamed(registry::model_of(entry, from.into())?, registry::model_of(entry, to.into())?, options)
}
