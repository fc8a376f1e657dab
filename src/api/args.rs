//! The arguments of all export functions, and the model that they select.

use pgmeta_core::ddl::{Options, Secrets, selection};
use pgmeta_core::model::{Model, ObjectKind};

use crate::api::options;
use crate::api::schemas::{read_schemas, remove_own};
use crate::catalog::{self, Outcome, Scope, read};
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;
use crate::message::warn;

/// The five arguments of every export function. The default is the whole database.
#[derive(Debug, Default)]
pub struct Args {
    pub schemas: Option<Vec<String>>,
    pub types: Option<Vec<String>>,
    pub name_pattern: Option<String>,
    pub on_error: Option<String>,
    pub options: Options,
}

impl Args {
    pub fn new(
        schemas: Option<Texts>,
        types: Option<Texts>,
        name_pattern: Option<Text>,
        on_error: Option<Text>,
        options: Option<Document>,
    ) -> Result<Self, Error> {
        Ok(Self {
            schemas: read_schemas(schemas)?,
            types: types.map(|Texts(types)| types.into_iter().flatten().collect()),
            name_pattern: name_pattern.map(Text::into_string),
            on_error: on_error.map(Text::into_string),
            options: options::of_export(options)?,
        })
    }

    /// Reads the selected model: filtered, and masked unless secrets are requested. Warns about objects that cannot be
    /// read.
    pub fn read(&self) -> Result<Outcome, Error> {
        let tolerant = match self.on_error.as_deref() {
            None => false,
            Some(word) if word.eq_ignore_ascii_case("fail") => false,
            Some(word) if word.eq_ignore_ascii_case("warn") => true,
            Some(other) => {
                let hint = "Supported values are 'fail' and 'warn'.".to_owned();
                return Err(Error::BadArgument { name: "on_error", value: other.to_owned(), hint });
            }
        };
        let types = self.types.as_deref().map(catalog::known_types).transpose()?;
        let is_of_cluster = |word: &String| ObjectKind::from_word(word).is_some_and(ObjectKind::is_of_cluster);
        let cluster = self.options.cluster || types.iter().flatten().any(is_of_cluster);
        let mut outcome = read(&Scope { tolerant, ..Scope::of_schemas(self.schemas.clone(), cluster) })?;
        self.shape(&mut outcome.model)?;
        outcome.failures.iter().for_each(|failure| {
            warn(&format!("could not read {} {}: {}", failure.kind, failure.identity, failure.reason()));
        });
        Ok(outcome)
    }

    /// Filters and masks a model.
    pub fn shape(&self, model: &mut Model) -> Result<(), Error> {
        remove_own(model, self.schemas.as_deref(), self.options.own);
        catalog::filter(model, self.types.as_deref(), self.name_pattern.as_deref(), &self.options.exclude)?;
        if self.options.secrets == Secrets::Mask {
            model.mask_secrets();
        }
        Ok(())
    }

    /// Returns the lines that describe the selection in a manifest.
    pub fn selection(&self) -> Vec<String> {
        selection(self.schemas.as_deref(), self.types.as_deref(), self.name_pattern.as_deref(), &self.options)
    }
}
