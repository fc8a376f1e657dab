//! What can be wrong with the request for a diagram.

/// Why there is no diagram.
#[derive(Debug, thiserror::Error)]
pub enum DiagramError {
    /// No such format.
    #[error("unknown diagram format \"{0}\"")]
    Format(String),
    /// No such viewpoint; the second are those that there are.
    #[error("viewpoint \"{0}\" is not defined")]
    Viewpoint(String, Vec<String>),
    /// Not a pattern.
    #[error("invalid pattern \"{0}\"")]
    Pattern(String),
    /// The graph cannot be written as JSON.
    #[error("could not write the diagram: {0}")]
    Json(#[from] serde_json::Error),
}

impl DiagramError {
    /// Returns what the caller can do.
    pub fn hint(&self) -> Option<String> {
        match self {
            DiagramError::Format(_) => {
                let words = super::Format::ALL.map(super::Format::word);
                Some(format!("The formats are {}.", words.join(", ")))
            }
            DiagramError::Viewpoint(_, known) if known.is_empty() => {
                Some("Define it in the option \"viewpoints\".".to_owned())
            }
            DiagramError::Viewpoint(_, known) => Some(format!("The viewpoints are {}.", known.join(", "))),
            DiagramError::Pattern(_) => {
                Some("A pattern is schema or schema.name, with * and ?, as in psql.".to_owned())
            }
            DiagramError::Json(_) => None,
        }
    }
}
