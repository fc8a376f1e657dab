//! Reads the live schema as one side of a diff or plan.

use pgmeta_core::model::{Model, ObjectRef};
use pgmeta_core::plan::Options;

use crate::catalog::extension_schema::extension_schema;
use crate::catalog::filter::restrict;
use crate::catalog::reader::{Scope, read};
use crate::catalog::sizes::add_sizes;
use crate::error::Error;
use crate::spi::Connection;

/// Reads the kinds and schemas that the target contains, with sizes.
pub fn live(target: &Model, options: &Options) -> Result<Model, Error> {
    let mut scope =
        Scope::of_schemas(options.schemas.clone(), target.has_cluster_objects() && options.schemas.is_none());
    let mut outcome = match read(&scope) {
        // The plan may create missing schemas.
        Err(Error::MissingSchemas { names: missing, .. }) => {
            scope.schemas.iter_mut().for_each(|names| names.retain(|name| !missing.contains(name)));
            read(&scope)?
        }
        other => other?,
    };
    add_sizes(&mut outcome, scope.schemas.as_deref())?;
    let mut model = outcome.model;
    if target.is_masked() {
        model.mask_secrets();
    }
    remove_extension_schema(&mut model, target)?;
    restrict(&mut model, options)?;
    Ok(model)
}

/// Reads one schema.
pub fn schema(name: &str, options: &Options) -> Result<Model, Error> {
    let mut model = read(&Scope::of_schemas(Some(vec![name.to_owned()]), false))?.model;
    model.mask_secrets();
    restrict(&mut model, options)?;
    Ok(model)
}

/// Leaves out the schema of pgmeta's functions if the target does not contain it: a plan must not drop the functions that
/// run it.
fn remove_extension_schema(model: &mut Model, target: &Model) -> Result<(), Error> {
    let Some(own_schema) = extension_schema(&Connection::open()?)? else { return Ok(()) };
    let in_target =
        |object: ObjectRef<'_>| object.object().key().schema().is_some_and(|schema| **schema == *own_schema);
    if !target.objects().any(in_target) {
        model.schemas.retain(|schema| *schema.name != *own_schema);
    }
    Ok(())
}
