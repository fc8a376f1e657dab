//! Graphviz' language: a table is an HTML-like label with one port for each column.

use std::fmt::Write;

use pgmeta_discovery::Cardinality;

use super::graph::{ColumnBox, Edge, Graph, TableBox};
use super::text::{identifiers, key_words, one_line};

/// Returns the diagram.
pub fn print(graph: &Graph) -> String {
    let mut out = String::from("digraph schema {\n");
    let _ = writeln!(out, "    rankdir={};", graph.direction.word());
    if let Some(title) = &graph.title {
        let _ = writeln!(out, "    label={}; labelloc=t;", quoted(title));
    }
    out.push_str(
        "    node [shape=plain, fontname=\"Helvetica\"];\n    edge [dir=both, fontname=\"Helvetica\", fontsize=10];\n",
    );
    let names = identifiers(graph);
    for (table, name) in graph.tables.iter().zip(&names) {
        let _ = writeln!(out, "    {name} [label=<{}>];", label(table));
    }
    for edge in &graph.relationships {
        let style = if edge.implied { ", style=dashed" } else { "" };
        let _ = writeln!(
            out,
            "    {}{} -> {}{} [arrowtail={}, arrowhead={}, tooltip={}{style}];",
            names[edge.table],
            port(graph, edge.table, edge),
            names[edge.parent],
            parent_port(graph, edge),
            arrow(edge.cardinality),
            arrow(edge.parent_cardinality),
            quoted(&edge.name)
        );
    }
    out.push_str("}\n");
    out
}

fn label(table: &TableBox) -> String {
    let mut out = String::from("<table border=\"0\" cellborder=\"1\" cellspacing=\"0\" cellpadding=\"4\">");
    let _ = write!(out, "<tr><td colspan=\"3\" bgcolor=\"#e8eef7\"><b>{}</b></td></tr>", escaped(&table.label()));
    for (at, column) in table.columns.iter().enumerate() {
        let keys = key_words(column).join(" ");
        let _ = write!(
            out,
            "<tr><td align=\"left\">{}</td><td align=\"left\" port=\"c{at}\">{}</td><td align=\"left\">{}</td></tr>",
            cell(&keys),
            name(column),
            cell(column.data_type.as_deref().unwrap_or_default())
        );
    }
    if let Some(partitions) = table.partitions_label() {
        let _ = write!(out, "<tr><td colspan=\"3\"><i>{partitions}</i></td></tr>");
    }
    out.push_str("</table>");
    out
}

/// Returns the name of a column, in bold where it cannot be null.
fn name(column: &ColumnBox) -> String {
    let name = cell(&column.name);
    if column.nullable { name } else { format!("<b>{name}</b>") }
}

/// Returns the content of a cell: the language has no empty ones.
fn cell(text: &str) -> String {
    if text.is_empty() { " ".to_owned() } else { escaped(text) }
}

fn port_of(table: &TableBox, columns: &[pgmeta_core::ident::Name]) -> String {
    let first = columns.first().and_then(|first| table.columns.iter().position(|column| column.name == *first));
    first.map_or_else(String::new, |at| format!(":c{at}"))
}

fn port(graph: &Graph, table: usize, edge: &Edge) -> String {
    port_of(&graph.tables[table], &edge.columns)
}

fn parent_port(graph: &Graph, edge: &Edge) -> String {
    port_of(&graph.tables[edge.parent], &edge.parent_columns)
}

fn arrow(cardinality: Cardinality) -> &'static str {
    match cardinality {
        Cardinality::ZeroOrOne => "teeodot",
        Cardinality::ExactlyOne => "teetee",
        Cardinality::ZeroOrMore => "crowodot",
        Cardinality::OneOrMore => "crowtee",
    }
}

/// Returns a text as HTML.
fn escaped(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", one_line(text).replace('\\', "\\\\").replace('"', "\\\""))
}
