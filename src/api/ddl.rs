//! The DDL of one object, found by OID, by name or by address.

use pgmeta_core::catalog_rows::class;
use pgmeta_core::ddl::{self, Options, Part, Secrets};
use pgmeta_core::model::{Model, ObjectKey, ObjectRef};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::options;
use crate::api::print::items;
use crate::catalog::{self, Found, Outcome, read_around};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;

#[pg_extern(name = "pgmeta_ddl", stable, parallel_unsafe)]
fn ddl_of_name(name: Option<Text>, options: default!(Option<Document>, "'{}'")) -> Result<Option<Text>, ErrorReport> {
    let Some(name) = name else { return Ok(None) };
    Ok(Some(print(&catalog::by_name(&name)?, options, true)?.into()))
}

// An integer without a cast resolves to this form: oid is the preferred type of its category.
#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_ddl(object oid, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn ddl_of_oid(object: Option<pg_sys::Oid>, options: Option<Document>) -> Result<Option<Text>, ErrorReport> {
    let Some(oid) = object else { return Ok(None) };
    Ok(Some(print(&catalog::by_oid(oid.to_u32())?, options, true)?.into()))
}

// Written as SQL because `type` is a keyword of Rust.
#[pg_extern(
    sql = "CREATE FUNCTION pgmeta_object_ddl(type text, names text[], args text[] DEFAULT '{}', options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';"
)]
fn pgmeta_object_ddl(
    kind: Option<Text>,
    names: Option<Texts>,
    args: Option<Texts>,
    options: Option<Document>,
) -> Result<Option<Text>, ErrorReport> {
    let (Some(kind), Some(names)) = (kind, names) else { return Ok(None) };
    let names = without_null("names", names)?;
    let args = without_null("args", args.unwrap_or_default())?;
    Ok(Some(print(&catalog::by_address(&kind, &names, &args)?, options, true)?.into()))
}

/// Reads a relation and the objects that belong to it.
pub fn model_of_relation(oid: u32) -> Result<Model, Error> {
    let found = catalog::found(class::CLASS, oid)?;
    let mut outcome = read_around(&found.scope)?;
    mask(&mut outcome.model, &Options::default());
    let key = key_at(&outcome, found.class, found.oid).ok_or_else(|| not_printed(&found, &outcome))?;
    let keys = outcome.model.keys_of(&key, true);
    outcome.model.keep(&keys);
    outcome.remove_invalid_text(false)?;
    Ok(outcome.model)
}

fn without_null(name: &'static str, Texts(list): Texts) -> Result<Vec<String>, Error> {
    let null = || Error::BadArgument { name, value: "NULL".into(), hint: "The array may not contain NULL.".into() };
    list.into_iter().map(|item| item.ok_or_else(null)).collect()
}

/// Declares `pgmeta_ddl` for one of the OID alias types.
macro_rules! ddl_of_alias {
    ($($function:ident $class:ident $sql:literal;)*) => {
        $(
            #[pg_extern(sql = $sql)]
            fn $function(object: Option<pg_sys::Oid>, options: Option<Document>) -> Result<Option<Text>, ErrorReport> {
                let Some(oid) = object else { return Ok(None) };
                Ok(Some(print(&catalog::found(class::$class, oid.to_u32())?, options, true)?.into()))
            }
        )*
    };
}

ddl_of_alias! {
    ddl_of_class CLASS "CREATE FUNCTION pgmeta_ddl(object regclass, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_procedure PROC "CREATE FUNCTION pgmeta_ddl(object regprocedure, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_function PROC "CREATE FUNCTION pgmeta_ddl(object regproc, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_named_operator OPERATOR "CREATE FUNCTION pgmeta_ddl(object regoper, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_type TYPE "CREATE FUNCTION pgmeta_ddl(object regtype, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_operator OPERATOR "CREATE FUNCTION pgmeta_ddl(object regoperator, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_schema NAMESPACE "CREATE FUNCTION pgmeta_ddl(object regnamespace, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_role AUTHID "CREATE FUNCTION pgmeta_ddl(object regrole, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_collation COLLATION "CREATE FUNCTION pgmeta_ddl(object regcollation, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_configuration TS_CONFIG "CREATE FUNCTION pgmeta_ddl(object regconfig, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
    ddl_of_dictionary TS_DICT "CREATE FUNCTION pgmeta_ddl(object regdictionary, options jsonb DEFAULT '{}') RETURNS text STABLE PARALLEL UNSAFE LANGUAGE c AS 'MODULE_PATHNAME', '@FUNCTION_NAME@';";
}

/// Prints one object; with `dependents` also the objects that belong to it.
fn print(found: &Found, options: Option<Document>, dependents: bool) -> Result<String, Error> {
    let mut options = options::of_export(options)?;
    let mut outcome = read_around(&found.scope)?;
    mask(&mut outcome.model, &options);
    if let Some((class, oid, name)) = &found.part_of {
        let key = key_at(&outcome, *class, *oid);
        outcome.model.retain(|object| Some(object.key()) == key);
        outcome.remove_invalid_text(false)?;
        let text = key.and_then(|key| print_part(&outcome, &options, &key, name));
        return text.ok_or_else(|| not_printed(found, &outcome));
    }
    let key = key_at(&outcome, found.class, found.oid).ok_or_else(|| not_printed(found, &outcome))?;
    let keys = outcome.model.keys_of(&key, options.dependents.unwrap_or(dependents));
    outcome.model.keep(&keys);
    outcome.remove_invalid_text(false)?;
    options.create_database = true;
    let text = text_of(&outcome.model, &options)?;
    let is_key = |object: &ObjectRef<'_>| object.object().key() == key;
    match outcome.model.objects().find(is_key) {
        Some(object) if text.is_empty() && is_of_identity(object) => Err(not_printed(found, &outcome)),
        _ => Ok(text),
    }
}

/// Prints all objects of a model.
pub fn text_of(model: &Model, options: &Options) -> Result<String, Error> {
    let items = items(model, options)?;
    Ok(items.iter().map(|item| item.ddl.as_str()).collect::<Vec<_>>().join("\n"))
}

fn mask(model: &mut Model, options: &Options) {
    if options.secrets == Secrets::Mask {
        model.mask_secrets();
    }
}

/// Returns the key of the object with an address.
fn key_at(outcome: &Outcome, class: u32, oid: u32) -> Option<ObjectKey> {
    let found = outcome.addresses.iter().find(|(_, address)| (address.class, address.oid) == (class, oid));
    let key = found.map(|(key, _)| key.clone())?;
    outcome.model.objects().any(|object| object.object().key() == key).then_some(key)
}

/// Returns whether an object belongs to an identity column, so that its table prints it.
fn is_of_identity(object: ObjectRef<'_>) -> bool {
    matches!(object, ObjectRef::Sequence(sequence) if sequence.identity)
}

/// Prints a column's default, or a constraint of a domain, as a statement.
fn print_part(outcome: &Outcome, options: &Options, key: &ObjectKey, name: &str) -> Option<String> {
    let object = outcome.model.objects().find(|object| object.object().key() == *key)?;
    let part = if let ObjectRef::Domain(domain) = object {
        Part::Check(domain.checks.iter().position(|check| &*check.name == name)?)
    } else {
        Part::Default(object.columns().iter().position(|column| &*column.name == name)?)
    };
    let text = ddl::part_of(&outcome.model, options, object, part);
    (!text.is_empty()).then_some(text)
}

/// Returns an error that explains why an object is not printed.
fn not_printed(found: &Found, outcome: &Outcome) -> Error {
    let extension = outcome.members.get(&(found.class, found.oid));
    catalog::not_printed(found.class, found.oid, extension.map(|name| &**name))
}
