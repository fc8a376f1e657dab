//! Mermaid's `erDiagram`, as its grammar of version 11 reads it. Names that the grammar has no place for are changed, and stand in
//! the comment of the attribute as they are.

use std::fmt::Write;

use super::graph::{ColumnBox, Graph};
use super::text::{identifiers, key_words, line, one_line};

/// Returns the diagram.
pub fn print(graph: &Graph) -> String {
    let mut out = String::new();
    if let Some(title) = &graph.title {
        // YAML, of which a JSON string is one too.
        let _ = writeln!(out, "---\ntitle: {}\n---", serde_json::Value::from(one_line(title)));
    }
    let _ = writeln!(out, "erDiagram\n    direction {}", graph.direction.word());
    let names = identifiers(graph);
    for (table, name) in graph.tables.iter().zip(&names) {
        let mut label = table.label();
        if let Some(partitions) = table.partitions_label() {
            let _ = write!(label, " ({partitions})");
        }
        let _ = write!(out, "    {name}[{}]", quoted(&label));
        if table.columns.is_empty() {
            out.push('\n');
            continue;
        }
        out.push_str(" {\n");
        table.columns.iter().for_each(|column| attribute(column, &mut out));
        out.push_str("    }\n");
    }
    for edge in &graph.relationships {
        let (parent, table) = (&names[edge.parent], &names[edge.table]);
        let _ = writeln!(out, "    {parent} {} {table} : {}", line(edge), quoted(&edge.name));
    }
    out
}

fn attribute(column: &ColumnBox, out: &mut String) {
    let name = word(&column.name);
    let data_type = column.data_type.as_deref().map_or_else(|| "_".to_owned(), word);
    let _ = write!(out, "        {data_type} {name}");
    let keys = key_words(column);
    if !keys.is_empty() {
        let _ = write!(out, " {}", keys.join(", "));
    }
    let original = (name != *column.name).then(|| column.name.to_string());
    let notes: Vec<String> = original.into_iter().chain(column.comment.clone()).collect();
    if !notes.is_empty() {
        let _ = write!(out, " {}", quoted(&notes.join(": ")));
    }
    out.push('\n');
}

/// Returns a string. Characters that the grammar does not take in one are written by their codes, which Mermaid decodes.
fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    let text = one_line(text);
    for c in if text.trim().is_empty() { "-" } else { &text }.chars() {
        // Two tildes are the brackets of a generic type, wherever they are.
        if matches!(c, '"' | '\\' | '%' | '~' | '#') {
            let _ = write!(out, "#{};", u32::from(c));
        } else {
            out.push(c);
        }
    }
    out.push('"');
    out
}

/// Returns a type or the name of a column as the grammar's attribute word.
fn word(text: &str) -> String {
    let mut word: String =
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_[]()".contains(c) { c } else { '_' }).collect();
    if !word.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        word.insert(0, '_');
    }
    // The grammar reserves the words of keys, in any letter case.
    if ["pk", "fk", "uk"].contains(&word.to_ascii_lowercase().as_str()) {
        word.push('_');
    }
    word
}
