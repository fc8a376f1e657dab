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

    /// Reports settings that are not known, and what follows the value of one. `known`: each with how many words its value has.
    fn unknown_settings(&mut self, settings: &[Setting], known: &[(&str, usize)]) {
        for own in settings {
            match known.iter().find(|(key, _)| *key == own.key) {
                None => self.not_taken(own.line, &format!("setting \"{}\"", own.key)),
                Some((_, words)) => self.unread(own.value.get(*words..), &format!("setting \"{}\"", own.key)),
            }
        }
    }

    /// Reports words that stand where none belongs.
    fn unread(&mut self, rest: Option<&[Token]>, place: &str) {
        if let Some([first, ..]) = rest {
            self.not_taken(first.line, &format!("\"{}\" in {place}", first.text));
        }
    }

    /// Reports what follows the colon of an element that has none.
    fn no_value(&mut self, element: &Element) {
        self.unread(Some(&element.value), &format!("the {}", element.word));
    }

    fn project(&mut self, element: &Element) {
        self.imported.definition.name = element.head.first().map(|token| token.text.clone());
        self.unread(element.head.get(1..), "the project");
        self.no_value(element);
        self.unknown_settings(&element.settings, &[]);
        for entry in &element.body {
            match entry {
                Entry::Element(own) if own.word == "note" => self.imported.definition.description = self.note(own),
                Entry::Element(own) => self.not_taken(own.line, &format!("\"{}\" of the project", own.word)),
                Entry::Line(line) => {
                    let what = line.tokens.first().map(|token| token.text.clone()).unwrap_or_default();
                    self.not_taken(line.line, &format!("\"{what}\" of the project"));
                }
            }
        }
    }

    /// Returns the text of a note: after its colon, or in its braces.
    fn note(&mut self, element: &Element) -> Option<String> {
        self.unread(Some(&element.head), "the note");
        self.unknown_settings(&element.settings, &[]);
        let mut words: Vec<&Token> = element.value.iter().collect();
        for entry in &element.body {
            match entry {
                Entry::Line(line) => {
                    words.extend(&line.tokens);
                    self.unknown_settings(&line.settings, &[]);
                }
                Entry::Element(own) => self.not_taken(own.line, &format!("\"{}\" in the note", own.word)),
            }
        }
        let (first, rest) = words.split_first()?;
        let text = (first.kind == Kind::Text).then(|| first.text.clone());
        let rest = if text.is_some() { rest } else { &words };
        for own in rest {
            self.not_taken(own.line, &format!("\"{}\" in the note", own.text));
        }
        text
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
        self.no_value(element);
        self.unknown_settings(&element.settings, &[]);
        let mut values = Vec::new();
        for entry in &element.body {
            check();
            match entry {
                Entry::Line(line) => {
                    let (names, others): (Vec<&Token>, Vec<&Token>) =
                        line.tokens.iter().partition(|token| token.is_name());
                    for own in others {
                        self.not_taken(own.line, &format!("\"{}\" in the enum", own.text));
                    }
                    if names.len() > 1 {
                        let message = "several words on a line of the enum are a value each.";
                        self.remark(line.line, "UNKNOWN_WORD", Level::Warning, message);
                    }
                    values.extend(names.iter().map(|token| Name::from(token.text.as_str())));
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

/// Returns the text of a setting.
fn setting_text(settings: &[Setting], key: &str) -> Option<String> {
    let own = settings.iter().find(|own| own.key == key)?;
    Some(own.value.first()?.text.clone())
}
