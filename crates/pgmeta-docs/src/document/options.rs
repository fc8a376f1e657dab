//! What the caller may choose about a document. Parsed from JSON; an unknown key is an error that lists the known ones.

use std::collections::BTreeMap;

use pgmeta_discovery::Strategies;
use serde::Deserialize;

use super::DocumentError;
use crate::diagram::{Direction, Options as DiagramOptions, Partitions, Show, Viewpoint};

/// The options of a document. Those that a diagram has too mean the same.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// psql patterns, `schema` or `schema.name`, of the tables, views, functions and types that have pages. An empty list means all.
    pub tables: Vec<String>,
    /// psql patterns of the objects to leave out.
    pub exclude: Vec<String>,
    /// The number of relationships between `tables` and other tables that have pages too.
    pub distance: usize,
    /// The columns that diagrams show.
    pub show: Show,
    /// The strategies that find virtual relationships.
    #[serde(rename = "virtual")]
    pub strategies: Strategies,
    /// Named groups of tables, each with a page and a diagram.
    pub viewpoints: BTreeMap<String, Viewpoint>,
    /// Whether diagrams show comments.
    pub comments: bool,
    /// Whether diagrams show types of columns.
    pub types: bool,
    /// Where tables are that refer to others.
    pub direction: Direction,
    /// Whether partitions have pages and boxes.
    pub partitions: Partitions,
    /// The title.
    pub title: Option<String>,
    /// The address of a stylesheet that follows the document's own: HTML only.
    pub stylesheet: Option<String>,
    /// Whether sizes and estimates of rows are shown.
    pub sizes: bool,
    /// Also what is pgmeta's own.
    #[serde(rename = "self")]
    pub own: bool,
    /// For folders: remove the files of a document of other objects.
    pub prune: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            tables: Vec::new(),
            exclude: Vec::new(),
            distance: 0,
            show: Show::Keys,
            strategies: Strategies::NONE,
            viewpoints: BTreeMap::new(),
            comments: false,
            types: true,
            direction: Direction::LR,
            partitions: Partitions::Fold,
            title: None,
            stylesheet: None,
            sizes: true,
            own: false,
            prune: false,
        }
    }
}

impl Options {
    /// Returns the options of its diagrams.
    pub(crate) fn of_diagrams(&self) -> DiagramOptions {
        DiagramOptions {
            exclude: self.exclude.clone(),
            show: self.show,
            comments: self.comments,
            types: self.types,
            direction: self.direction,
            partitions: self.partitions,
            ..DiagramOptions::default()
        }
    }

    /// Returns the title.
    pub(crate) fn title(&self) -> &str {
        self.title.as_deref().filter(|title| !title.trim().is_empty()).unwrap_or("Database schema")
    }

    /// Refuses a stylesheet that is something else than an address.
    pub(crate) fn check(&self) -> Result<(), DocumentError> {
        let Some(address) = &self.stylesheet else { return Ok(()) };
        let is_remote = address.starts_with("https://") || address.starts_with("http://");
        // A colon before the first slash would be the end of a scheme.
        let is_path = !address.is_empty() && !address.starts_with(['/', '\\']) && {
            let first = address.split('/').next().unwrap_or_default();
            !first.contains(':')
        };
        let is_clean = !address.contains(|c: char| c.is_control() || c.is_whitespace());
        if is_clean && (is_remote || is_path) { Ok(()) } else { Err(DocumentError::Stylesheet(address.clone())) }
    }

    /// Returns the address of the stylesheet for a page in a folder of the document, if `root` is the way back.
    pub(crate) fn stylesheet_from(&self, root: &str) -> Option<String> {
        let address = self.stylesheet.as_deref()?;
        let is_remote = address.starts_with("https://") || address.starts_with("http://");
        Some(if is_remote { address.to_owned() } else { format!("{root}{address}") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stylesheet_is_an_address_or_a_path() {
        let of = |address: &str| Options { stylesheet: Some(address.to_owned()), ..Options::default() };
        for good in ["https://example.org/a.css", "own.css", "../css/own.css", "./a:b.css"] {
            assert!(of(good).check().is_ok(), "{good}");
        }
        for bad in [
            "",
            "javascript:alert(1)",
            "data:text/css,",
            "/own.css",
            "//host/own.css",
            "a b.css",
            "a\n.css",
            "\\\\host",
        ] {
            assert!(of(bad).check().is_err(), "{bad}");
        }
        assert_eq!(of("own.css").stylesheet_from("../").as_deref(), Some("../own.css"));
        assert_eq!(of("https://e.org/a.css").stylesheet_from("../").as_deref(), Some("https://e.org/a.css"));
    }
}
