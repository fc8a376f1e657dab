//! References between tables.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::{check, check_now};
use pgmeta_core::model::ForeignKeyAction;
use rustc_hash::{FxHashMap, FxHashSet};

use super::syntax::{Element, Entry, Setting};
use super::token::{Kind, Token};
use super::{QualifiedName, Reading};
use crate::constraint::{ForeignKeyDefinition, Reference as Target, Word};
use crate::table::TableDefinition;
use crate::validate::Level;

/// The schema of what names none.
const PUBLIC: &str = "public";

/// An end of a reference.
#[derive(Clone, Debug)]
struct End {
    table: QualifiedName,
    columns: Vec<Name>,
}

/// A reference as it is written.
#[derive(Debug)]
pub struct Reference {
    line: usize,
    name: Option<Name>,
    left: End,
    /// `>`: many to one, `<`: one to many, `-`: one to one, `<>`: many to many.
    sign: String,
    right: End,
    actions: Vec<(usize, String, String)>,
}

impl Reference {
    /// Reads a reference in the settings of a column.
    pub fn of_column(table: QualifiedName, column: Name, own: &Setting) -> Option<Self> {
        let (sign, rest) = own.value.split_first().filter(|(sign, _)| is_sign(sign))?;
        let (left, right) = (End { table, columns: vec![column] }, end(rest)?);
        Some(Self { line: own.line, name: None, left, sign: sign.text.clone(), right, actions: Vec::new() })
    }

    /// Reads a reference of its own.
    fn of_line(line: usize, name: Option<Name>, tokens: &[Token], settings: &[Setting]) -> Option<Self> {
        let at = tokens.iter().position(is_sign)?;
        let (left, right) = (end(tokens.get(..at)?)?, end(tokens.get(at + 1..)?)?);
        let words = |own: &Setting| own.value.iter().map(|token| token.text.as_str()).collect::<Vec<_>>().join(" ");
        let actions = settings.iter().map(|own| (own.line, own.key.clone(), words(own))).collect();
        Some(Self { line, name, left, sign: tokens.get(at)?.text.clone(), right, actions })
    }
}

fn is_sign(token: &Token) -> bool {
    token.kind == Kind::Symbol && matches!(&*token.text, ">" | "<" | "-" | "<>")
}

/// Reads `table.column`, `schema.table.column` or `table.(a, b)`.
fn end(tokens: &[Token]) -> Option<End> {
    let open = tokens.iter().position(|own| own.is("(")).unwrap_or(tokens.len().checked_sub(1)?);
    let (path, columns) = tokens.split_at_checked(open)?;
    let names: Vec<Name> = path.iter().filter(|own| own.is_name()).map(|own| own.text.as_str().into()).collect();
    let columns: Vec<Name> = columns.iter().filter(|own| own.is_name()).map(|own| own.text.as_str().into()).collect();
    let table = match &*names {
        [table] => (None, table.clone()),
        [schema, table] => (Some(schema.clone()), table.clone()),
        _ => return None,
    };
    (!columns.is_empty()).then_some(End { table, columns })
}

/// Where the tables are, by schema and name, and which columns they have.
struct Places {
    tables: FxHashMap<QualifiedName, Vec<usize>>,
    columns: FxHashSet<(usize, Name)>,
}

impl Places {
    fn of(tables: &[TableDefinition]) -> Self {
        let mut places = Self { tables: FxHashMap::default(), columns: FxHashSet::default() };
        for (at, own) in tables.iter().enumerate() {
            check();
            places.tables.entry((plain(&own.schema), own.name.clone())).or_default().push(at);
            places.columns.extend(own.columns.iter().map(|column| (at, column.name.clone())));
        }
        places
    }
}

/// Returns a schema; that of what names none is none.
fn plain(schema: &Option<Name>) -> Option<Name> {
    schema.clone().filter(|own| **own != *PUBLIC)
}

impl Reading {
    pub(super) fn reference_element(&mut self, element: &Element) {
        let name = element.head.first().map(|token| Name::from(token.text.as_str()));
        self.unread(element.head.get(1..), "the reference");
        if element.value.is_empty() {
            self.unknown_settings(&element.settings, &[]);
        }
        for entry in &element.body {
            if let Entry::Element(own) = entry {
                self.not_taken(own.line, &format!("\"{}\" in the reference", own.word));
            }
        }
        let lines = element.body.iter().filter_map(|entry| match entry {
            Entry::Line(line) => Some((line.line, &line.tokens, &line.settings)),
            Entry::Element(_) => None,
        });
        let own = (!element.value.is_empty()).then_some((element.line, &element.value, &element.settings));
        for (line, tokens, settings) in lines.chain(own) {
            match Reference::of_line(line, name.clone(), tokens, settings) {
                Some(reference) => self.references.push(reference),
                None => self.remark(
                    line,
                    "FOREIGN_KEY_ERROR",
                    Level::Error,
                    "the reference has not two ends; it is left out.",
                ),
            }
        }
    }

    /// Makes foreign keys of the references.
    pub(super) fn add_references(&mut self) {
        let places = Places::of(&self.imported.definition.tables);
        for own in std::mem::take(&mut self.references) {
            check();
            let (from, to) = match own.sign.as_str() {
                "<" => (&own.right, &own.left),
                "<>" => {
                    self.not_taken(own.line, "a reference of many to many, which needs a table of its own,");
                    continue;
                }
                _ => (&own.left, &own.right),
            };
            let (Some(from_at), Some(to_at)) = (self.position(from, &places), self.position(to, &places)) else {
                self.remark(
                    own.line,
                    "FOREIGN_KEY_ERROR",
                    Level::Error,
                    "it refers to a table or column that is not there; it is left out.",
                );
                continue;
            };
            let mut key = ForeignKeyDefinition {
                columns: from.columns.clone(),
                name: own.name.clone(),
                ..ForeignKeyDefinition::default()
            };
            if let Some(target) = self.imported.definition.tables.get(to_at) {
                key.references =
                    Target { table: target.name.clone(), schema: target.schema.clone(), columns: to.columns.clone() };
            }
            for (line, word, action) in &own.actions {
                let read = serde_json::from_value::<Word<ForeignKeyAction>>(action.as_str().into());
                match (word.as_str(), read) {
                    ("delete", Ok(action)) => key.on_delete = action,
                    ("update", Ok(action)) => key.on_update = action,
                    ("delete" | "update", Err(_)) => {
                        self.remark(
                            *line,
                            "UNKNOWN_WORD",
                            Level::Error,
                            &format!("action \"{action}\" is unknown; there is none."),
                        );
                    }
                    _ => self.not_taken(*line, &format!("setting \"{word}\"")),
                }
            }
            if let Some(table) = self.imported.definition.tables.get_mut(from_at) {
                // A reference within a schema needs no name of it.
                if key.references.schema == table.schema {
                    key.references.schema = None;
                } else if key.references.schema.is_none() {
                    key.references.schema = Some(PUBLIC.into());
                }
                table.foreign_keys.push(key);
            }
            if own.sign == "-" {
                self.report_one(own.line, from_at, &from.columns.clone());
            }
        }
    }

    /// Returns the place of a table that has the columns.
    fn position(&self, end: &End, places: &Places) -> Option<usize> {
        let (schema, name) = match &end.table {
            (None, name) => self.aliases.get(name).unwrap_or(&end.table),
            (Some(_), _) => &end.table,
        };
        let tables = places.tables.get(&(plain(schema), name.clone()))?;
        let has = |at: usize, column: &Name| {
            check();
            places.columns.contains(&(at, column.clone()))
        };
        tables.iter().copied().find(|at| end.columns.iter().all(|column| has(*at, column)))
    }

    /// Reports that a reference of one to one has no key that holds its rows to it.
    fn report_one(&mut self, line: usize, at: usize, columns: &[Name]) {
        check_now();
        let Some(table) = self.imported.definition.tables.get(at) else { return };
        let is_column =
            |own: &&crate::column::ColumnDefinition| (own.unique || own.primary_key) && columns == [own.name.clone()];
        let is_key = table.primary_key.iter().chain(&table.unique).any(|own| own.0.columns == columns);
        let is_index = table.indexes.iter().filter(|own| own.unique).any(|own| {
            own.columns
                .iter()
                .map(|it| it.0.column.clone())
                .collect::<Option<Vec<Name>>>()
                .is_some_and(|own| own == columns)
        });
        if !is_key && !is_index && !table.columns.iter().any(|own| is_column(&own)) {
            self.remark(
                line,
                "NOT_TAKEN",
                Level::Warning,
                "a reference of one to one needs a unique key; none is made.",
            );
        }
    }
}
