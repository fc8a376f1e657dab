//! PlantUML's entity diagram. Characters that PlantUML would read as markup are written as `<U+…>`.

use std::fmt::Write;

use super::graph::{ColumnBox, Graph};
use super::options::Direction;
use super::text::{identifiers, key_words, line, one_line};

/// Returns the diagram.
pub fn print(graph: &Graph) -> String {
    let mut out = String::from("@startuml\nhide circle\nhide empty members\n");
    match graph.direction {
        Direction::LR | Direction::RL => out.push_str("left to right direction\n"),
        Direction::TB | Direction::BT => out.push_str("top to bottom direction\n"),
    }
    if let Some(title) = &graph.title {
        let _ = writeln!(out, "title {}", escaped(title));
    }
    let names = identifiers(graph);
    for (table, name) in graph.tables.iter().zip(&names) {
        let _ = writeln!(out, "entity \"{}\" as {name} {{", escaped(&table.label()));
        let keys = table.columns.iter().filter(|column| column.primary_key);
        let others = table.columns.iter().filter(|column| !column.primary_key);
        keys.for_each(|column| field(column, &mut out));
        if table.columns.iter().any(|column| column.primary_key) {
            out.push_str("  --\n");
        }
        others.for_each(|column| field(column, &mut out));
        if let Some(partitions) = table.partitions_label() {
            let _ = writeln!(out, "  ..\n  {{field}} {partitions}");
        }
        out.push_str("}\n");
        if let Some(comment) = &table.comment {
            let _ = writeln!(out, "note bottom of {name} : {}", escaped(comment));
        }
    }
    for edge in &graph.relationships {
        let (parent, table) = (&names[edge.parent], &names[edge.table]);
        let _ = writeln!(out, "{parent} {} {table} : {}", line(edge), escaped(&edge.name));
    }
    out.push_str("@enduml\n");
    out
}

fn field(column: &ColumnBox, out: &mut String) {
    let mark = if column.nullable { "" } else { "* " };
    let _ = write!(out, "  {{field}} {mark}{}", escaped(&column.name));
    if let Some(data_type) = &column.data_type {
        let _ = write!(out, " : {}", escaped(data_type));
    }
    for word in key_words(column) {
        let _ = write!(out, " <<{word}>>");
    }
    if let Some(comment) = &column.comment {
        let _ = write!(out, " // {}", escaped(comment));
    }
    out.push('\n');
}

/// Returns a text that PlantUML shows as it is, on one line.
fn escaped(text: &str) -> String {
    let text = one_line(text);
    let mut out = String::with_capacity(text.len());
    let mut previous = ' ';
    for c in text.chars() {
        let plain = c.is_alphanumeric() || matches!(c, ' ' | '.' | ',' | '(' | ')' | '[' | ']');
        // Two of them begin or end markup.
        let single = matches!(c, '_' | '-') && previous != c;
        if plain || single {
            out.push(c);
        } else {
            let _ = write!(out, "<U+{:04X}>", u32::from(c));
        }
        previous = c;
    }
    if out.trim().is_empty() { "<U+00A0>".to_owned() } else { out }
}
