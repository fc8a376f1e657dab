//! DBML: tables, indexes, enums and references. What a definition has no place for, and what the language does not have, is reported with
//! its line.

mod column;
mod reference;
mod syntax;
mod table;
mod token;

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use rustc_hash::FxHashMap;

use crate::definition::Definition;
use crate::import::{ImportError, Imported};
use crate::types::EnumDefinition;
use crate::validate::Level;

use reference::Reference;
use syntax::{Element, Entry, Setting};
use token::{Kind, Token};

/// A name with its schema, as it is written.
type QualifiedName = (Option<Name>, Name);

/// A text while it is read.
#[derive(Default)]
struct Reading {
    imported: Imported,
    /// The tables by their aliases.
    aliases: FxHashMap<Name, QualifiedName>,
    /// The references, which may name tables that follow.
    references: Vec<Reference>,
}

/// Reads a text.
pub fn from_dbml(content: &str) -> Result<Imported, ImportError> {
    let elements = syntax::parse(content)
        .map_err(|fault| ImportError { format: "dbml", message: format!("line {}: {}", fault.line, fault.message) })?;
    let mut reading =
        Reading { imported: Imported { definition: Definition::default(), report: Vec::new() }, ..Reading::default() };
    for element in &elements {
        check();
        match element.word.as_str() {
            "table" => reading.table(element),
            "enum" => reading.enumeration(element),
            "ref" => reading.reference_element(element),
            "project" => reading.project(element),
            word => reading.not_taken(element.line, &format!("\"{word}\"")),
        }
    }
    reading.add_references();
    Ok(reading.imported)
}

impl Reading {
    fn remark(&mut self, line: usize, code: &'static str, level: Level, message: &str) {
        self.imported.remark(&format!("/lines/{line}"), code, level, format!("Line {line}: {message}"));
    }

    fn not_taken(&mut self, line: usize, what: &str) {
        self.remark(line, "NOT_TAKEN", Level::Warning, &format!("{what} is not taken."));
    }

    fn unknown_settings(&mut self, settings: &[Setting], known: &[&str]) {
        for own in settings.iter().filter(|own| !known.contains(&own.key.as_str())) {
            self.not_taken(own.line, &format!("setting \"{}\"", own.key));
        }
    }

    fn project(&mut self, element: &Element) {
        self.imported.definition.name = element.head.first().map(|token| token.text.clone());
        for entry in &element.body {
            match entry {
                Entry::Element(own) => self.imported.definition.description = note(own),
                Entry::Line(line) => {
                    let what = line.tokens.first().map(|token| token.text.clone()).unwrap_or_default();
                    self.not_taken(line.line, &format!("\"{what}\" of the project"));
                }
            }
        }
    }

    fn enumeration(&mut self, element: &Element) {
        let Some((schema, name)) = qualified(&element.head) else {
            return self.remark(
                element.line,
                "MISSING_REQUIRED_FIELD",
                Level::Error,
                "the enum has no name; it is left out.",
            );
        };
        let mut values = Vec::new();
        for entry in &element.body {
            match entry {
                Entry::Line(line) => {
                    values.extend(line.tokens.first().map(|token| Name::from(token.text.as_str())));
                    self.unknown_settings(&line.settings, &[]);
                }
                Entry::Element(own) => self.not_taken(own.line, "the note"),
            }
        }
        self.imported.definition.enums.push(EnumDefinition { name, values, schema, ..EnumDefinition::default() });
    }
}

/// Returns a name with its schema.
fn qualified(tokens: &[Token]) -> Option<QualifiedName> {
    match tokens {
        [name] if name.is_name() => Some((None, name.text.as_str().into())),
        [schema, dot, name] if schema.is_name() && dot.is(".") && name.is_name() => {
            Some((Some(schema.text.as_str().into()), name.text.as_str().into()))
        }
        _ => None,
    }
}

/// Returns the text of a note: after its colon, or in its braces.
fn note(element: &Element) -> Option<String> {
    let in_braces = element.body.iter().find_map(|entry| match entry {
        Entry::Line(line) => line.tokens.first(),
        Entry::Element(_) => None,
    });
    element.value.first().or(in_braces).filter(|own| own.kind == Kind::Text).map(|own| own.text.clone())
}

/// Returns the text of a setting.
fn setting_text(settings: &[Setting], key: &str) -> Option<String> {
    let own = settings.iter().find(|own| own.key == key)?;
    Some(own.value.first()?.text.clone())
}
