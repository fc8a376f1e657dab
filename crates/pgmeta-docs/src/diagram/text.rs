//! Words that the formats share. Knows no format's grammar.

use std::collections::BTreeSet;

use pgmeta_discovery::Cardinality;

use super::graph::{ColumnBox, Edge, Graph};

/// Returns an identifier for each table, of letters, digits and underscores, that no other table has.
pub fn identifiers(graph: &Graph) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let unique = |label: String| {
        let mut name: String =
            label.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '_' }).collect();
        if name.starts_with(|c: char| c.is_ascii_digit()) {
            name.insert(0, 't');
        }
        let mut number = 2;
        let mut candidate = name.clone();
        while !taken.insert(candidate.clone()) {
            candidate = format!("{name}_{number}");
            number += 1;
        }
        candidate
    };
    graph.tables.iter().map(|table| table.label()).map(unique).collect()
}

/// Returns a text on one line: control characters are blanks.
pub fn one_line(text: &str) -> String {
    let blank = |c: char| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c };
    text.chars().map(blank).collect()
}

/// Returns the short words for a column's part in keys: PK, FK, UK.
pub fn key_words(column: &ColumnBox) -> Vec<&'static str> {
    let unique = column.unique && !column.primary_key;
    [(column.primary_key, "PK"), (column.foreign_key, "FK"), (unique, "UK")]
        .into_iter()
        .filter_map(|(is, word)| is.then_some(word))
        .collect()
}

/// Returns the line of a relationship as Mermaid and PlantUML write it, from the parent to the table: `||--o{`.
pub fn line(edge: &Edge) -> String {
    let (left, _) = ends(edge.parent_cardinality);
    let (_, right) = ends(edge.cardinality);
    format!("{left}{}{right}", if edge.implied { ".." } else { "--" })
}

/// Returns the left and the right end of a line in crow's foot notation.
fn ends(cardinality: Cardinality) -> (&'static str, &'static str) {
    match cardinality {
        Cardinality::ZeroOrOne => ("|o", "o|"),
        Cardinality::ExactlyOne => ("||", "||"),
        Cardinality::ZeroOrMore => ("}o", "o{"),
        Cardinality::OneOrMore => ("}|", "|{"),
    }
}
