//! A request to `pgmeta_api`: its parts, and the fields of its body.

use serde_json::{Map, Value};

use crate::api::rest_answer::{Failure, text};
use crate::error::Error;
use crate::jsonb::Document;
use crate::registry::Valid;

/// The beginning of all paths.
const ROOT: &str = "/api/v1";

/// A request, split into its parts.
pub struct Request<'a> {
    pub method: String,
    pub path: &'a str,
    pub query: Map<String, Value>,
    pub body: Map<String, Value>,
}

impl<'a> Request<'a> {
    pub fn of(method: &str, path: &'a str, query: Option<&Document>, body: Option<&Document>) -> Result<Self, Error> {
        let object = |document: Option<&Document>| -> Result<Map<String, Value>, Error> {
            match document {
                None => Ok(Map::new()),
                Some(document) => serde_json::from_str(document.text())
                    .map_err(|error| pgmeta_definition::DefinitionError::from(error).into()),
            }
        };
        let (query, body) = (object(query)?, object(body)?);
        Ok(Self { method: method.to_ascii_uppercase(), path, query, body })
    }

    /// Returns the parts of the path, without its beginning.
    pub fn parts(&self) -> Result<Vec<String>, Failure> {
        let own = self.path.strip_prefix(ROOT).unwrap_or(self.path).trim_end_matches('/');
        own.split('/').skip(1).map(decoded).collect()
    }

    /// Returns the document of the body, if it has no errors.
    pub fn valid(&self) -> Result<Valid, Failure> {
        let document = self.body.get("document").ok_or_else(|| Failure::missing_field("document"))?;
        Valid::checked(document.clone())?.map_err(|errors| Failure::invalid(&errors))
    }

    pub fn text(&self, name: &str) -> Result<Option<String>, Failure> {
        text(name, self.body.get(name).cloned())
    }

    /// Returns a failure if the body has other fields: their effect would be missed.
    pub fn only(&self, known: &[&str]) -> Result<(), Failure> {
        match self.body.keys().find(|key| !known.contains(&key.as_str())) {
            Some(key) => Err(Failure::wrong_field(key, &format!("one of {}", known.join(", ")))),
            None => Ok(()),
        }
    }
}

/// Returns a part of a path, whose characters may be percent-encoded.
fn decoded(part: &str) -> Result<String, Failure> {
    let text = percent_encoding::percent_decode_str(part).decode_utf8();
    text.map(|text| text.into_owned()).map_err(|_| Failure::wrong_field("path", "percent-encoded UTF-8"))
}
