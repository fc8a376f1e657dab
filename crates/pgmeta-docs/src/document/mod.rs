//! Documents: a schema as pages, in HTML, Markdown or JSON. `site` knows the schema, `pages` says what stands on a page, one file for
//! each kind of page; `html`, `markdown` and `json` write files.

mod ddl;
mod error;
mod escape;
mod html;
mod json;
mod markdown;
mod options;
mod page;
mod pages;
mod places;
mod privileges;
mod site;
mod words;

use pgmeta_core::model::Model;
use pgmeta_discovery::Document;
use pgmeta_lint::Finding;

pub use error::DocumentError;
pub use options::Options;
pub use pgmeta_core::ddl::File;
use site::Site;

use crate::diagram::Chart;

/// The format of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// A site that works without a server and without script.
    Html,
    /// Files that GitHub and GitLab show.
    Markdown,
    /// One file for programs.
    Json,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 3] = [Format::Html, Format::Markdown, Format::Json];

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Format::Html => "html",
            Format::Markdown => "markdown",
            Format::Json => "json",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Result<Self, DocumentError> {
        Self::ALL.into_iter().find(|format| format.word() == word).ok_or_else(|| DocumentError::Format(word.to_owned()))
    }
}

/// What a document is made from: three views of the same schema.
#[derive(Clone, Copy, Debug)]
pub struct Source<'a> {
    /// The model, for DDL, privileges and comments.
    pub model: &'a Model,
    /// The discovery document, with all sections but `patterns`.
    pub document: &'a Document,
    /// What lint found.
    pub findings: &'a [Finding],
}

/// Returns the files of a document, by path.
pub fn document(source: Source<'_>, format: Format, options: &Options) -> Result<Vec<File>, DocumentError> {
    options.check()?;
    let mut files = match format {
        Format::Html | Format::Markdown => {
            let of_diagrams = options.of_diagrams();
            let chart = Chart::of(source.document, &of_diagrams)?;
            let site = Site::of(source, options, &chart)?;
            let pages = pages::pages(&site, format)?;
            if format == Format::Html { html::files(&site, &pages)? } else { markdown::files(&pages)? }
        }
        Format::Json => json::files(source, options)?,
    };
    files.sort_by(|one, other| one.path.cmp(&other.path));
    Ok(files)
}
