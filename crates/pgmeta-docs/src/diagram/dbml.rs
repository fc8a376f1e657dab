//! DBML, which @dbml/core reads back. What the language has no place for is in a comment: partitions, views, exclusion
//! constraints, second references between the same columns, columns that refer to themselves, and objects whose names have line
//! breaks, quotes or control characters, which it cannot read back.

use std::collections::BTreeSet;
use std::fmt::Write;

use pgmeta_core::ident::Name;
use pgmeta_core::model::{ConstraintKind, ForeignKeyAction};
use pgmeta_discovery::{
    ColumnEntry, ConstraintEntry, Document, IndexEntry, Relationship, TableEntry, TypeEntry, TypeKind,
};
use rustc_hash::{FxHashMap, FxHashSet};

use super::graph::{Graph, Key, TableBox, found};
use super::options::{Options, Show};
use super::short_type::short_type;
use super::text::one_line;

/// The columns of references, with schema and table.
type Ends<'d> = FxHashSet<(&'d Name, &'d Name, &'d Name)>;

/// Returns the diagram: the tables of the graph, with their columns, indexes, checks and comments, and the enum types.
pub fn print(document: &Document, graph: &Graph, options: &Options) -> String {
    let mut out = String::new();
    if let Some(title) = &graph.title {
        let _ = writeln!(out, "Project {} {{\n  database_type: 'PostgreSQL'\n}}\n", name_of(title));
    }
    let boxes: FxHashMap<Key<'_>, &TableBox> =
        graph.tables.iter().map(|table| ((&table.schema, &table.name), table)).collect();
    let tables = found(document.tables.as_ref()).iter();
    let tables: Vec<(&TableEntry, &TableBox)> =
        tables.filter_map(|table| Some((table, *boxes.get(&(&table.schema, &table.name))?))).collect();
    let edges = found(document.relationships.as_ref()).iter().filter(|edge| edge.through.is_none());
    let edges: Vec<&Relationship> =
        edges.filter(|edge| [edge.table(), edge.parent()].iter().all(|end| boxes.contains_key(end))).collect();
    let enums = found(document.types.as_ref()).iter().filter(|own| own.kind == TypeKind::Enum);
    let used = |own: &&TypeEntry| {
        let mut columns = tables.iter().flat_map(|(table, _)| &table.columns);
        columns.any(|column| column.column_type.schema == own.schema && column.column_type.name == own.name)
    };
    enums.filter(used).for_each(|own| enumeration(own, &mut out));
    let mut ends = Ends::default();
    for edge in &edges {
        ends.extend(edge.columns.iter().map(|column| (&edge.schema, &edge.table_name, column)));
        ends.extend(edge.parent_columns.iter().map(|column| (&edge.parent_schema, &edge.parent_table, column)));
    }
    let mut left_out = BTreeSet::new();
    for (table, own_box) in tables {
        if !is_readable(&table.schema) || !is_readable(&table.name) {
            omit(&format!("its name has {UNREADABLE}"), &table.name, &mut out);
        } else if !table.columns.iter().any(|column| is_readable(&column.name)) {
            omit("it has no columns that can be read back", &table.name, &mut out);
        } else {
            print_table(table, own_box, options, &ends, &mut out);
            continue;
        }
        out.push('\n');
        left_out.insert((&table.schema, &table.name));
    }
    references(&edges, &left_out, &mut out);
    out.truncate(out.trim_end().len());
    out.push('\n');
    out
}

/// Prints the references that the language can hold: one between the same columns, in whatever order, none of columns to themselves.
fn references(edges: &[&Relationship], left_out: &BTreeSet<Key<'_>>, out: &mut String) {
    let mut between = BTreeSet::new();
    for edge in edges {
        let tables = [edge.table(), edge.parent()];
        if tables.iter().any(|table| left_out.contains(table)) {
            continue;
        }
        let columns = [&edge.columns, &edge.parent_columns].map(|columns| columns.iter().collect::<BTreeSet<&Name>>());
        let names = [&edge.name, &edge.schema, &edge.table_name, &edge.parent_schema, &edge.parent_table];
        let mut names = names.into_iter().chain(&edge.columns).chain(&edge.parent_columns);
        if tables[0] == tables[1] && columns[0] == columns[1] {
            omit("its columns refer to themselves", &edge.name, out);
        } else if !between.insert((tables, columns)) {
            omit("another reference is between the same columns", &edge.name, out);
        } else if !names.all(|name| is_readable(name)) {
            omit(&format!("a name has {UNREADABLE}"), &edge.name, out);
        } else {
            reference(edge, out);
        }
    }
}

/// What @dbml/core cannot read back in a name.
const UNREADABLE: &str = "a quote, a backslash or a control character";

/// Prints a comment in place of an object.
fn omit(reason: &str, what: &str, out: &mut String) {
    let _ = writeln!(out, "// omitted because {reason}: {}", one_line(what));
}

/// Returns whether @dbml/core can read a name back.
fn is_readable(name: &str) -> bool {
    one_line(name) == name && !name.contains(['"', '\\'])
}

fn name_of(name: &str) -> String {
    format!("\"{}\"", one_line(name).replace('\\', "\\\\").replace('"', "\\\""))
}

/// Returns a string, on several lines where the text has several.
fn string(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('\'', "\\'");
    if text.contains('\n') { format!("'''{text}'''") } else { format!("'{}'", one_line(&text)) }
}

/// Returns an SQL expression; the language has no way to write a back quote in one.
fn expression(sql: &str) -> Option<String> {
    (!sql.contains('`')).then(|| format!("`{}`", one_line(sql)))
}

fn enumeration(own: &TypeEntry, out: &mut String) {
    let labels = own.enum_labels.as_deref().unwrap_or_default();
    let readable = labels.iter().chain([&own.schema, &own.name]).all(|name| is_readable(name));
    if !readable {
        omit(&format!("its name or a label has {UNREADABLE}"), &format!("enum {}", own.name), out);
        out.push('\n');
        return;
    }
    let _ = writeln!(out, "Enum {}.{} {{", name_of(&own.schema), name_of(&own.name));
    for label in labels {
        let _ = writeln!(out, "  {}", name_of(label));
    }
    out.push_str("}\n\n");
}

fn print_table(table: &TableEntry, own_box: &TableBox, options: &Options, ends: &Ends<'_>, out: &mut String) {
    let _ = writeln!(out, "Table {}.{} {{", name_of(&table.schema), name_of(&table.name));
    // A reference needs its columns, whatever the diagram shows.
    let is_shown = |column: &&ColumnEntry| {
        own_box.columns.iter().any(|shown| shown.name == column.name)
            || ends.contains(&(&table.schema, &table.name, &column.name))
    };
    let (readable, unreadable): (Vec<&ColumnEntry>, Vec<&ColumnEntry>) =
        table.columns.iter().partition(|column| is_readable(&column.name));
    for column in unreadable.into_iter().filter(is_shown) {
        out.push_str("  ");
        omit(&format!("its name has {UNREADABLE}"), &column.name, out);
    }
    let mut columns: Vec<&ColumnEntry> = readable.iter().copied().filter(is_shown).collect();
    if columns.is_empty() {
        // A table without columns is an error in the language.
        columns = readable.into_iter().take(1).collect();
    }
    for column in &columns {
        print_column(column, table, options, out);
    }
    let has = |names: &[Name]| names.iter().all(|name| columns.iter().any(|column| column.name == *name));
    let checks = table.constraints.iter().filter(|own| own.kind == ConstraintKind::Check);
    let checks: Vec<&ConstraintEntry> = checks.filter(|_| options.show == Show::All).collect();
    if !checks.is_empty() {
        out.push_str("  checks {\n");
        for check in checks {
            if let Some(condition) = check.expression.as_deref().and_then(expression) {
                let _ = writeln!(out, "    {condition} [name: {}]", string(&check.name));
            }
        }
        out.push_str("  }\n");
    }
    let indexes: Vec<String> = match options.show {
        Show::All => table.indexes.iter().filter_map(|index| print_index(index, table, &has)).collect(),
        Show::Keys | Show::Names => Vec::new(),
    };
    if !indexes.is_empty() {
        let _ = writeln!(out, "  indexes {{\n{}  }}", indexes.concat());
    }
    let comment = table.comment.clone().filter(|_| options.comments);
    let note: Vec<String> = comment.into_iter().chain(own_box.partitions_label()).collect();
    if !note.is_empty() {
        let _ = writeln!(out, "  Note: {}", string(&note.join("\n")));
    }
    out.push_str("}\n\n");
}

fn print_column(column: &ColumnEntry, table: &TableEntry, options: &Options, out: &mut String) {
    let mut settings = Vec::new();
    if column.primary_key && table.primary_key.len() == 1 {
        settings.push("pk".to_owned());
    }
    if column.not_null {
        settings.push("not null".to_owned());
    }
    // Where indexes are shown, a unique index has the fact: from both, tools would make two.
    if column.unique && !column.primary_key && options.show != Show::All {
        settings.push("unique".to_owned());
    }
    if column.identity.is_some() {
        settings.push("increment".to_owned());
    }
    if let Some(default) = column.default.as_deref().and_then(expression) {
        settings.push(format!("default: {default}"));
    }
    if let Some(comment) = column.comment.as_deref().filter(|_| options.comments) {
        settings.push(format!("note: {}", string(comment)));
    }
    let settings = if settings.is_empty() { String::new() } else { format!(" [{}]", settings.join(", ")) };
    let _ = writeln!(out, "  {} {}{settings}", name_of(&column.name), type_of(column));
}

/// Returns the type: of an enum its qualified name, so that it is the enum's; of others the name without blanks, which needs no
/// quotes, so that the language's tools know it.
fn type_of(column: &ColumnEntry) -> String {
    let own = &column.column_type;
    if own.kind == TypeKind::Enum && own.data_type.ends_with(&*own.name) {
        return format!("{}.{}", name_of(&own.schema), name_of(&own.name));
    }
    let short = short_type(&own.data_type);
    let plain = |c: char| c.is_ascii_alphanumeric() || "_(),[]".contains(c);
    if short.starts_with(|c: char| c.is_ascii_lowercase()) && short.chars().all(plain) {
        short
    } else {
        name_of(&own.data_type)
    }
}

fn print_index(index: &IndexEntry, table: &TableEntry, has: &impl Fn(&[Name]) -> bool) -> Option<String> {
    let own = |text: &String| table.columns.iter().find(|column| pgmeta_core::ident::ident(&column.name) == *text);
    let parts = index.columns.iter().map(|text| match own(text) {
        Some(column) => has(std::slice::from_ref(&column.name)).then(|| name_of(&column.name)),
        None => expression(text),
    });
    let mut parts: Vec<String> = parts.collect::<Option<_>>()?;
    // The language has no column twice.
    let mut seen = BTreeSet::new();
    parts.retain(|part| seen.insert(part.clone()));
    // That of an exclusion constraint has none.
    if parts.is_empty() || (index.primary_key && parts.len() == 1) {
        return None;
    }
    let mut settings = Vec::new();
    if index.primary_key {
        settings.push("pk".to_owned());
    } else if index.unique && index.predicate.is_none() {
        settings.push("unique".to_owned());
    }
    settings.push(format!("name: {}", string(&index.name)));
    // The language knows two methods; what else the index has is a note.
    if matches!(&*index.method, "btree" | "hash") {
        settings.push(format!("type: {}", index.method));
    }
    let method = (!matches!(&*index.method, "btree" | "hash")).then(|| format!("USING {}", index.method));
    let predicate = index.predicate.as_ref().map(|predicate| format!("WHERE {predicate}"));
    let unique = (index.unique && index.predicate.is_some()).then(|| "UNIQUE".to_owned());
    let note: Vec<String> = unique.into_iter().chain(method).chain(predicate).collect();
    if !note.is_empty() {
        settings.push(format!("note: {}", string(&one_line(&note.join(" ")))));
    }
    Some(format!("    ({}) [{}]\n", parts.join(", "), settings.join(", ")))
}

fn reference(edge: &Relationship, out: &mut String) {
    let columns = |schema: &Name, table: &Name, columns: &[Name]| {
        let list: Vec<String> = columns.iter().map(|name| name_of(name)).collect();
        format!("{}.{}.({})", name_of(schema), name_of(table), list.join(", "))
    };
    let mut settings = Vec::new();
    for (word, action) in [("delete", edge.on_delete), ("update", edge.on_update)] {
        if let Some(action) = action {
            settings.push(format!("{word}: {}", word_of(action)));
        }
    }
    let settings = if settings.is_empty() { String::new() } else { format!(" [{}]", settings.join(", ")) };
    let one = matches!(
        edge.cardinality,
        pgmeta_discovery::Cardinality::ZeroOrOne | pgmeta_discovery::Cardinality::ExactlyOne
    );
    let _ = writeln!(
        out,
        "Ref {}: {} {} {}{settings}{}",
        name_of(&edge.name),
        columns(&edge.schema, &edge.table_name, &edge.columns),
        if one { "-" } else { ">" },
        columns(&edge.parent_schema, &edge.parent_table, &edge.parent_columns),
        if edge.implied { " // virtual" } else { "" }
    );
}

fn word_of(action: ForeignKeyAction) -> &'static str {
    match action {
        ForeignKeyAction::NoAction => "no action",
        ForeignKeyAction::Restrict => "restrict",
        ForeignKeyAction::Cascade => "cascade",
        ForeignKeyAction::SetNull => "set null",
        ForeignKeyAction::SetDefault => "set default",
    }
}
