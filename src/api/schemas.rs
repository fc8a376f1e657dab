//! Reads arguments that are lists: schemas, and types in the terms of `pg_identify_object`. Excludes pgmeta's own objects.

use pgmeta_core::model::{EXTENSION, Model};
use pgmeta_core::words;

use crate::encoding::{Text, Texts};
use crate::error::Error;

/// Reads the argument `schemas`; NULL stands for all.
pub fn read_schemas(schemas: Option<Texts>) -> Result<Option<Vec<String>>, Error> {
    schemas.map(schema_names).transpose().map(Option::flatten)
}

/// Removes pgmeta's own objects from a model, unless `own` or the name of its schema includes them.
pub fn remove_own(model: &mut Model, schemas: Option<&[String]>, own: bool) {
    let is_named = schemas.into_iter().flatten().any(|name| name == EXTENSION);
    if !own && !is_named {
        model.remove_own();
    }
}

/// Reads an array of schema names: NULL or `{ALL}`, in any case, mean all. An empty array is an error: it comes from an
/// unset variable of a script, and the export would be empty.
fn schema_names(Texts(names): Texts) -> Result<Option<Vec<String>>, Error> {
    let wrong = |value: &str, hint: &str| Error::BadArgument {
        name: "schemas",
        value: value.to_owned(),
        hint: hint.to_owned(),
    };
    let null =
        || wrong("NULL", "An array of schemas may not contain NULL; pass NULL instead of the array for all schemas.");
    let names = names.into_iter().map(|name| name.ok_or_else(null)).collect::<Result<Vec<_>, _>>()?;
    match names.as_slice() {
        [] => Err(wrong("", "Name at least one schema, or pass NULL or 'ALL' for all of them.")),
        [name] if name.eq_ignore_ascii_case("all") => Ok(None),
        _ => Ok(Some(names)),
    }
}

/// Reads the text form of `schemas` or `types`: `ALL`, a list with commas, or an array literal.
pub fn list(text: Option<Text>) -> Option<Texts> {
    text.map(|text| Texts(words::list(&text).into_iter().map(Some).collect()))
}
