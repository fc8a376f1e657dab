//! The statements of a definition in each dialect, and what of it does not come along.

use pgmeta_core::model::Model;
use pgmeta_definition::{Definition, pointer_of};
use pgmeta_dialect::Dialect;
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::definition_options::{parse, printed};
use crate::api::dialect;
use crate::api::rows::LossRow;
use crate::encoding::Text;
use crate::error::Error;
use crate::jsonb::Document;
use crate::registry::Statements;

/// The dialect of this server.
pub const POSTGRESQL: &str = "postgresql";

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_definition_sql(
    document: Option<Document>,
    dialect: default!(Option<Text>, "'postgresql'"),
    options: default!(Option<Document>, "'{}'"),
) -> Result<Option<Text>, ErrorReport> {
    let Some(document) = document else { return Ok(None) };
    Ok(Some(sql(&document, dialect.as_deref().unwrap_or(POSTGRESQL), options)?))
}

dialect_losses_rows! {
    #[pg_extern(stable, parallel_unsafe)]
    fn pgmeta_definition_losses(document: Option<Document>, dialect: Option<Text>) {
        let given = document.zip(dialect);
        given.map_or(Ok(Vec::new()), |(document, dialect)| losses(parse(&document)?, &dialect))
    }
}

fn sql(document: &Document, dialect: &str, options: Option<Document>) -> Result<Text, Error> {
    if dialect == POSTGRESQL {
        return Ok(printed(document, options)?.script()?.into());
    }
    printed_as(&Statements::of(parse(document)?, None)?, dialect, options)
}

/// Prints a definition in a dialect.
pub fn printed_as(statements: &Statements, dialect: &str, options: Option<Document>) -> Result<Text, Error> {
    if dialect == POSTGRESQL {
        return Ok(statements.script()?.into());
    }
    check(dialect)?;
    dialect::sql(&statements.model, dialect, options)
}

/// Returns an error for a word that names no dialect: one with all that a definition can be printed in.
fn check(dialect: &str) -> Result<(), Error> {
    let known = || Dialect::ALL.map(Dialect::word).join(", ");
    let hint = || format!("The dialects are: {POSTGRESQL}, {}.", known());
    let unknown = |_| Error::BadArgument { name: "dialect", value: dialect.to_owned(), hint: hint() };
    Dialect::from_word(dialect).map(drop).map_err(unknown)
}

/// Lists the losses, with their places in the definition.
fn losses(definition: Definition, dialect: &str) -> Result<Vec<LossRow>, Error> {
    let model = Statements::of(definition.clone(), None)?.model;
    let row = |(path, feature, action, detail): Loss| (path.into(), feature.into(), action.into(), detail.into());
    Ok(losses_of(&definition, &model, dialect)?.into_iter().map(row).collect())
}

/// Path, feature, action and detail of a loss.
type Loss = (String, String, String, String);

/// Lists what of a definition does not come along into a dialect; `model` is the definition's.
pub fn losses_of(definition: &Definition, model: &Model, dialect: &str) -> Result<Vec<Loss>, Error> {
    if dialect == POSTGRESQL {
        return Ok(Vec::new());
    }
    check(dialect)?;
    let mut rows = dialect::losses(model, dialect, None)?;
    // A definition has no owners.
    rows.retain(|row| &*row.1 != "owner");
    let text = |own: Text| own.into_string();
    let place = |own: Text| pointer_of(definition, model, &own);
    Ok(rows.into_iter().map(|row| (place(row.0), text(row.1), text(row.2), text(row.3))).collect())
}
