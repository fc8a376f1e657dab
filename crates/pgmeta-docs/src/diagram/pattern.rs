//! psql patterns over the tables of a diagram. A pattern without a dot is that of a schema.

use pgmeta_core::pattern;
use regex_lite::Regex;

use super::DiagramError;

/// Patterns, one of which a table must match.
#[derive(Debug)]
pub struct Patterns(Vec<(Regex, Option<Regex>)>);

impl Patterns {
    /// Reads patterns.
    pub fn of(texts: &[String]) -> Result<Self, DiagramError> {
        let read = |text: &String| {
            let parsed = pattern::parse(text);
            let invalid = |_| DiagramError::Pattern(text.clone());
            let name = parsed.name.map(|name| Regex::new(&name)).transpose().map_err(invalid)?;
            Ok((Regex::new(&parsed.schema).map_err(invalid)?, name))
        };
        texts.iter().map(read).collect::<Result<_, _>>().map(Self)
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns whether one of them matches a table.
    pub fn matches(&self, schema: &str, name: &str) -> bool {
        let matches = |(own, table): &(Regex, Option<Regex>)| {
            own.is_match(schema) && table.as_ref().is_none_or(|table| table.is_match(name))
        };
        self.0.iter().any(matches)
    }
}
