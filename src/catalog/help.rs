//! The descriptions of pgmeta's own functions, read from their comments and signatures.

use std::collections::BTreeMap;

use pgmeta_core::cells::take;

use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::Connection;

/// The separator between the text of a comment and its example.
const EXAMPLE: &str = "\nExample: ";

/// A function or procedure with all its forms.
#[derive(Debug, Default)]
pub struct Function {
    /// One line for each form.
    pub signature: String,
    pub description: String,
    pub example: Option<String>,
}

/// Returns the public functions by name.
pub fn functions() -> Result<BTreeMap<String, Function>, Error> {
    let _pinned = GucGuard::new();
    let mut forms = Vec::new();
    let columns = ["name", "arguments", "result", "comment"];
    Connection::open()?.read(include_str!("queries/help.sql"), &[], &columns, |cells| {
        let (name, arguments): (String, String) = (take(cells, "name")?, take(cells, "arguments")?);
        let (result, comment): (Option<String>, String) = (take(cells, "result")?, take(cells, "comment")?);
        forms.push((name, without_casts(&arguments), result, comment));
        Ok(())
    })?;
    // Shortest form first.
    forms.sort_by_cached_key(|(name, arguments, ..)| (name.clone(), arguments.matches(',').count(), arguments.clone()));
    let mut functions: BTreeMap<String, Function> = BTreeMap::new();
    for (name, arguments, result, comment) in forms {
        let result = result.map_or_else(String::new, |result| format!(" RETURNS {result}"));
        let form = format!("{name}({arguments}){result}");
        let function = functions.entry(name).or_default();
        if !function.signature.is_empty() {
            function.signature.push('\n');
        }
        function.signature.push_str(&form);
        let (description, example) = match comment.split_once(EXAMPLE) {
            Some((description, example)) => (description, Some(example.to_owned())),
            None => (comment.as_str(), None),
        };
        function.description = description.to_owned();
        function.example = example;
    }
    Ok(functions)
}

/// Removes the casts that the server prints after constants: the arguments have types already.
fn without_casts(arguments: &str) -> String {
    let mut out = String::with_capacity(arguments.len());
    for (at, piece) in arguments.split("::").enumerate() {
        let rest =
            if at == 0 { piece } else { piece.find([',', ')']).map_or("", |end| piece.get(end..).unwrap_or("")) };
        out.push_str(rest);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn constants_have_no_casts() {
        assert_eq!(
            without_casts(
                "schemas text[] DEFAULT NULL::text[], on_error text DEFAULT 'fail'::text, options jsonb DEFAULT '{}'::jsonb"
            ),
            "schemas text[] DEFAULT NULL, on_error text DEFAULT 'fail', options jsonb DEFAULT '{}'"
        );
        assert_eq!(
            without_casts("at timestamp with time zone DEFAULT now()"),
            "at timestamp with time zone DEFAULT now()"
        );
        assert_eq!(without_casts(""), "");
    }
}
