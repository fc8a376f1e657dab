//! Documents of schemas: as rows, and in a folder on the server.

use pgmeta_core::ddl::{self, File};
use pgmeta_core::model::ModelIndex;
use pgmeta_discovery::{Options as DiscoveryOptions, SectionName, discover};
use pgmeta_docs::document::{DocumentError, Format, Options, Source, document};
use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;
use serde_json::json;

use crate::api::discovery_source::{evidence, live, statistics};
use crate::api::schemas::{list, read_schemas};
use crate::api::{diagram, lint, options};
use crate::directory::Directory;
use crate::encoding::{Text, Texts};
use crate::error::Error;
use crate::jsonb::Document;

returns_table! {
    /// A file.
    type FileRow = file_rows!(name!(path, Text), name!(content, Text),);
}

returns_table! {
    /// What was done to a file.
    type ActionRow = action_rows!(name!(path, Text), name!(action, Text),);
}

file_rows! {
    #[pg_extern(name = "pgmeta_document", stable, parallel_unsafe)]
    fn document_of_array(
        schemas: default!(Option<Texts>, "NULL"),
        format: default!(Option<Text>, "'html'"),
        options: default!(Option<Document>, "'{}'"),
    ) {
        Request::of(schemas, format, options)?.rows()
    }
}

file_rows! {
    #[pg_extern(name = "pgmeta_document", stable, parallel_unsafe)]
    fn document_of_text(
        schemas: Option<Text>,
        format: default!(Option<Text>, "'html'"),
        options: default!(Option<Document>, "'{}'"),
    ) {
        Request::of(list(schemas), format, options)?.rows()
    }
}

action_rows! {
    #[pg_extern(name = "pgmeta_document_to_directory", volatile, parallel_unsafe)]
    fn document_to_directory_of_array(
        directory: Option<Text>,
        schemas: default!(Option<Texts>, "NULL"),
        format: default!(Option<Text>, "'html'"),
        options: default!(Option<Document>, "'{}'"),
    ) {
        Request::of(schemas, format, options)?.write(directory.as_deref())
    }
}

action_rows! {
    #[pg_extern(name = "pgmeta_document_to_directory", volatile, parallel_unsafe)]
    fn document_to_directory_of_text(
        directory: Option<Text>,
        schemas: Option<Text>,
        format: default!(Option<Text>, "'html'"),
        options: default!(Option<Document>, "'{}'"),
    ) {
        Request::of(list(schemas), format, options)?.write(directory.as_deref())
    }
}

/// The document that is asked for.
struct Request {
    schemas: Option<Vec<String>>,
    format: Format,
    options: Options,
}

impl Request {
    fn of(schemas: Option<Texts>, format: Option<Text>, options: Option<Document>) -> Result<Self, Error> {
        let format = Format::from_word(format.as_deref().unwrap_or("html")).map_err(refused)?;
        let options = options::parse(options, r#"{"title": "The shop"}"#)?;
        Ok(Self { schemas: read_schemas(schemas)?, format, options })
    }

    fn rows(&self) -> Result<impl Iterator<Item = FileRow> + use<>, Error> {
        Ok(self.files()?.into_iter().map(|file| (file.path.into(), file.content.into())))
    }

    fn write(&self, directory: Option<&str>) -> Result<impl Iterator<Item = ActionRow> + use<>, Error> {
        let target = Directory::of_argument(directory)?;
        let actions = target.write(&self.files()?, self.selection(), self.options.prune)?;
        Ok(actions.into_iter().map(|(path, action)| (path.into(), action.into())))
    }

    fn files(&self) -> Result<Vec<File>, Error> {
        let options = self.of_discovery();
        let (found, _) = live(self.schemas.as_ref(), &options)?;
        let statistics = statistics(self.schemas.as_deref(), &options)?;
        let evidence = evidence(&found, &statistics, &options)?;
        let described = discover(&ModelIndex::of(&found.model), evidence, &options, &mut |_, _| {});
        let findings = match self.format {
            Format::Html | Format::Markdown => lint::live(self.schemas.clone(), &self.of_lint()?)?.findings,
            Format::Json => Vec::new(),
        };
        let source = Source { model: &found.model, document: &described, findings: &findings };
        document(source, self.format, &self.options).map_err(refused)
    }

    fn of_lint(&self) -> Result<pgmeta_lint::Options, Error> {
        let mut options = pgmeta_lint::Options::from_value(&json!({}))?;
        self.options.exclude.iter().try_for_each(|pattern| options.exclude_objects(pattern))?;
        Ok(options)
    }

    fn of_discovery(&self) -> DiscoveryOptions {
        let is_wanted = |section: &SectionName| match section {
            SectionName::Statistics => self.options.sizes,
            SectionName::Patterns => self.format == Format::Json,
            _ => true,
        };
        DiscoveryOptions {
            sections: SectionName::ALL.into_iter().filter(is_wanted).collect(),
            strategies: self.options.strategies.clone(),
            exclude: self.options.exclude.clone(),
            own: self.options.own,
            ..DiscoveryOptions::default()
        }
    }

    /// Returns the lines by which a manifest describes which objects the document is of.
    fn selection(&self) -> Vec<String> {
        let Options { tables, exclude, own, .. } = &self.options;
        let of_export = ddl::Options { exclude: exclude.clone(), own: *own, ..ddl::Options::default() };
        let mut lines = vec![format!("# document: {}", self.format.word())];
        if !tables.is_empty() {
            lines.push(format!("# tables: {}", tables.join(", ").replace('\n', " ")));
        }
        lines.extend(ddl::selection(self.schemas.as_deref(), None, None, &of_export));
        lines
    }
}

fn refused(error: DocumentError) -> Error {
    let hint = error.hint().unwrap_or_default();
    let (name, value) = match error {
        DocumentError::Format(word) => ("format", word),
        DocumentError::Stylesheet(address) => ("stylesheet", address),
        DocumentError::Diagram(error) => return diagram::refused(error),
        DocumentError::Template(error) => ("options", error.to_string()),
        DocumentError::Json(error) => ("options", error.to_string()),
    };
    Error::BadArgument { name, value, hint }
}
