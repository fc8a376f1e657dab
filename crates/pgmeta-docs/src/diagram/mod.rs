//! Diagrams: the tables of a schema and how they relate, as text of several formats. One file per format; `graph` chooses what
//! is shown.

mod dbml;
mod dot;
mod error;
mod graph;
mod layout;
mod mermaid;
mod options;
mod plantuml;
mod short_type;
mod svg;
mod text;

use pgmeta_discovery::Document;

pub use error::DiagramError;
pub(crate) use graph::{Chart, Key, any_matches, found, matchers};
pub use graph::{ColumnBox, Edge, Graph, TableBox};
pub use options::{Direction, Options, Partitions, Show, Viewpoint};
use svg::Place;

/// The format of a diagram.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Mermaid's `erDiagram`.
    Mermaid,
    /// PlantUML's entity diagram.
    Plantuml,
    /// Graphviz' language.
    Dot,
    /// Database Markup Language.
    Dbml,
    /// A picture.
    Svg,
    /// The boxes and edges.
    Json,
}

impl Format {
    /// All formats.
    pub const ALL: [Format; 6] =
        [Format::Mermaid, Format::Plantuml, Format::Dot, Format::Dbml, Format::Svg, Format::Json];

    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Format::Mermaid => "mermaid",
            Format::Plantuml => "plantuml",
            Format::Dot => "dot",
            Format::Dbml => "dbml",
            Format::Svg => "svg",
            Format::Json => "json",
        }
    }

    /// Reads the word.
    pub fn from_word(word: &str) -> Result<Self, DiagramError> {
        Self::ALL.into_iter().find(|format| format.word() == word).ok_or_else(|| DiagramError::Format(word.to_owned()))
    }
}

/// Returns a diagram of a document, which must have the sections `tables`, `types` and `relationships`.
pub fn diagram(document: &Document, format: Format, options: &Options) -> Result<String, DiagramError> {
    let graph = Graph::of(document, options)?;
    Ok(match format {
        Format::Mermaid => mermaid::print(&graph),
        Format::Plantuml => plantuml::print(&graph),
        Format::Dot => dot::print(&graph),
        Format::Dbml => dbml::print(document, &graph, options),
        Format::Svg => svg::print(&graph, &Place::File(options.stylesheet.as_deref())),
        Format::Json => serde_json::to_string_pretty(&graph)? + "\n",
    })
}

/// Returns a graph as Mermaid.
pub(crate) fn as_mermaid(graph: &Graph) -> String {
    mermaid::print(graph)
}

/// Returns a graph as a picture with a label for a page, which has the style. Boxes link to what `link` returns for their tables.
pub(crate) fn as_svg(graph: &Graph, label: &str, link: &dyn Fn(&TableBox) -> Option<String>) -> String {
    svg::print(graph, &Place::Page(label, link))
}
