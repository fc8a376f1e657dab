//! What can be wrong with the request for a document.

use crate::diagram::DiagramError;

/// Why there is no document.
#[derive(Debug, thiserror::Error)]
pub enum DocumentError {
    /// No such format.
    #[error("unknown document format \"{0}\"")]
    Format(String),
    /// Not the address of a stylesheet.
    #[error("invalid stylesheet \"{0}\"")]
    Stylesheet(String),
    /// A diagram that cannot be made.
    #[error(transparent)]
    Diagram(#[from] DiagramError),
    /// A page that cannot be written.
    #[error("could not write the document: {0}")]
    Template(#[from] askama::Error),
    /// JSON that cannot be written.
    #[error("could not write the document: {0}")]
    Json(#[from] serde_json::Error),
}

impl DocumentError {
    /// Returns what the caller can do.
    pub fn hint(&self) -> Option<String> {
        match self {
            DocumentError::Format(_) => {
                let words = super::Format::ALL.map(super::Format::word);
                Some(format!("The formats are {}.", words.join(", ")))
            }
            DocumentError::Stylesheet(_) => Some(
                "Pass an address that begins with https:// or http://, or a path relative to the document.".to_owned(),
            ),
            DocumentError::Diagram(error) => error.hint(),
            DocumentError::Template(_) | DocumentError::Json(_) => None,
        }
    }
}
