//! A schema in little text, for a prompt or a chat: the tables with the most relationships first, as many as there is room for.

use pgmeta_core::ident::{Name, ident, ident_list, qualified};
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, ConstraintKind, ModelIndex, Table};
use rustc_hash::FxHashMap;

use crate::document::column_type;
use crate::nulls::is_never_null_in;
use crate::relationships::{Relationship, Strategies, relationships};

/// In fewer characters there is no room for what was left out.
pub const LEAST_CHARS: usize = 200;

/// What the signs mean.
const LEGEND: &str = "`?` may be null, `pk` primary key, `->` refers to.";

/// What the sign of a virtual relationship means.
const GUESS: &str = " `~>` seems to refer to.";

/// A comment is cut after so many characters.
const LONGEST_COMMENT: usize = 200;

/// A table or view as text.
struct Block {
    name: String,
    text: String,
    is_view: bool,
}

/// Returns an account of a schema in at most so many characters ([`LEAST_CHARS`] at least). Tables are whole or left out;
/// partitions are part of their table.
pub fn context(index: &ModelIndex<'_>, max_chars: usize, strategies: &Strategies) -> String {
    let blocks = blocks(index, strategies);
    let guess = if strategies.is_empty() { "" } else { GUESS };
    let mut text = format!("{}. {LEGEND}{guess}\n", counted(&blocks));
    let mut room = max_chars.saturating_sub(length(&text));
    let mut whole: usize = blocks.iter().map(|block| length(&block.text)).sum();
    let mut shown = 0;
    for (at, block) in blocks.iter().enumerate() {
        check();
        let needed = length(&block.text);
        let rest = left_out(&blocks[at + 1..]).map_or(0, |line| length(&line));
        if whole > room && needed + rest > room {
            break;
        }
        whole -= needed;
        text += &block.text;
        room -= needed;
        shown = at + 1;
    }
    let rest = &blocks[shown..];
    if let Some(line) = left_out(rest) {
        text += &with_names(line, rest, room);
    }
    text
}

/// Returns the tables, the most connected ones first, and then the views.
fn blocks(index: &ModelIndex<'_>, strategies: &Strategies) -> Vec<Block> {
    let all = relationships(index, strategies);
    let mut degrees: FxHashMap<(&Name, &Name), usize> = FxHashMap::default();
    let mut by_table: FxHashMap<(&Name, &Name), Vec<&Relationship>> = FxHashMap::default();
    for own in all.iter().filter(|own| own.through.is_none()) {
        *degrees.entry(own.table()).or_default() += 1;
        by_table.entry(own.table()).or_default().push(own);
        if own.parent() != own.table() {
            *degrees.entry(own.parent()).or_default() += 1;
        }
    }
    let degree = |table: &Table| degrees.get(&(&table.schema, &table.name)).copied().unwrap_or_default();
    let mut tables: Vec<&Table> = index.model().tables.iter().filter(|table| table.partition_of.is_none()).collect();
    tables.sort_by_key(|table| (std::cmp::Reverse(degree(table)), &table.schema, &table.name));
    let tables = tables.into_iter().map(|table| {
        let own = by_table.get(&(&table.schema, &table.name)).map_or(&[][..], Vec::as_slice);
        Block { name: qualified(&table.schema, &table.name), text: table_text(index, table, own), is_view: false }
    });
    let model = index.model();
    let views = model.views.iter().map(|own| (&own.schema, &own.name, &own.columns, own.comment.as_deref(), "view"));
    let stored = model.materialized_views.iter();
    let stored = stored.map(|own| (&own.schema, &own.name, &own.columns, own.comment.as_deref(), "materialized view"));
    let views = views.chain(stored).map(|(schema, name, columns, comment, kind)| {
        let name = qualified(schema, name);
        let columns = columns.iter().map(|column| format!("{} {}", ident(&column.name), column.data_type));
        let columns: Vec<String> = columns.collect();
        let text = format!("\n{kind} {name}{}\n  {}\n", remark(comment), columns.join(", "));
        Block { name, text, is_view: true }
    });
    tables.chain(views).collect()
}

fn table_text(index: &ModelIndex<'_>, table: &Table, relationships: &[&Relationship]) -> String {
    let mut text = format!("\n{}", qualified(&table.schema, &table.name));
    if let Some(key) = &table.partition_by {
        text += &format!(" [by {key}, {}]", number(index.descendants(table).len(), "partition"));
    }
    text += &format!("{}\n", remark(table.comment.as_deref()));
    let constraints = index.constraints_of(&table.schema, &table.name);
    let primary = constraints.iter().find(|own| own.kind == ConstraintKind::PrimaryKey);
    let in_key = |column: &Column| primary.is_some_and(|key| key.columns.contains(&column.name));
    for column in &table.columns {
        check();
        let null = if is_never_null_in(index, table, column) { "" } else { "?" };
        let key = if in_key(column) { " pk" } else { "" };
        let labels = column_type(index, &column.data_type).enum_labels;
        let labels = labels.map_or_else(String::new, |labels| format!(" ({})", labels.join("|")));
        let target = relationships.iter().filter(|own| own.columns.as_slice() == std::slice::from_ref(&column.name));
        let target: String = target.map(|own| arrow(own)).collect();
        let comment = remark(column.comment.as_deref());
        text += &format!("  {} {}{null}{labels}{key}{target}{comment}\n", ident(&column.name), column.data_type);
    }
    for own in relationships.iter().filter(|own| own.columns.len() > 1) {
        text += &format!("  ({}){}\n", ident_list(&own.columns), arrow(own));
    }
    for own in constraints.iter().filter(|own| own.kind == ConstraintKind::Unique) {
        text += &format!("  unique ({})\n", ident_list(&own.columns));
    }
    for own in constraints.iter().filter(|own| own.kind == ConstraintKind::Check) {
        text += &format!("  check {}\n", one_line(own.expression.as_deref().unwrap_or_default()));
    }
    text
}

fn arrow(own: &Relationship) -> String {
    let parent = qualified(&own.parent_schema, &own.parent_table);
    let sign = if own.implied { "~>" } else { "->" };
    format!(" {sign} {parent} ({})", ident_list(&own.parent_columns))
}

fn remark(comment: Option<&str>) -> String {
    let text = one_line(comment.unwrap_or_default());
    match text.char_indices().nth(LONGEST_COMMENT) {
        _ if text.is_empty() => text,
        Some((end, _)) => format!(": {}…", &text[..end]),
        None => format!(": {text}"),
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn length(text: &str) -> usize {
    text.chars().count()
}

fn number(count: usize, word: &str) -> String {
    format!("{count} {word}{}", if count == 1 { "" } else { "s" })
}

fn counted(blocks: &[Block]) -> String {
    let views = blocks.iter().filter(|block| block.is_view).count();
    let counts = [(blocks.len() - views, "table"), (views, "view")];
    let all: Vec<String> =
        counts.iter().filter(|(count, _)| *count > 0).map(|(count, word)| number(*count, word)).collect();
    if all.is_empty() { "No tables".to_owned() } else { all.join(", ") }
}

/// Returns the line about what there was no room for.
fn left_out(rest: &[Block]) -> Option<String> {
    (!rest.is_empty()).then(|| format!("\nLeft out: {}.\n", counted(rest)))
}

/// Adds the names of what was left out to the line, as far as there is room.
fn with_names(line: String, rest: &[Block], room: usize) -> String {
    let mut names = String::new();
    for block in rest {
        let longer = format!("{names}{}{}", if names.is_empty() { " " } else { ", " }, block.name);
        if length(&line) + length(&longer) + length(" …\n") > room {
            names += if names.is_empty() { "" } else { " …" };
            break;
        }
        names = longer;
    }
    if names.is_empty() { line } else { format!("{}{names}\n", line.trim_end_matches('\n')) }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::sample::Sample;

    fn sample() -> Sample {
        let enum_type = json!({"schema": "s", "name": "mood", "enum_labels": ["sad", "ok"]});
        Sample::new()
            .object("types", enum_type)
            .table_with("users", &["id integer!", "mood s.mood"], json!({"comment": "Who\n logs in"}))
            .primary_key("users", &["id"])
            .table("a_notes", &["user_id integer!", "text text"])
            .foreign_key("a_notes", &["user_id"], "users", &["id"])
            .table_with("log", &["at date!", "user_id integer"], json!({"partition_by": "RANGE (at)"}))
            .partition("log_1", "log", &["at date!", "user_id integer"])
            .foreign_key("log", &["user_id"], "users", &["id"])
            .constraint("log", "log_check", json!({"expression": "(at > '2000-01-01'::date)"}))
            .table("alone", &["x integer"])
            .object("views", json!({"schema": "s", "name": "v", "definition": "SELECT 1", "columns": [{"name": "one", "data_type": "integer"}]}))
    }

    fn text(max_chars: usize) -> String {
        let model = sample().model();
        context(&ModelIndex::of(&model), max_chars, &Strategies::NONE)
    }

    const WHOLE: &str = "\
4 tables, 1 view. `?` may be null, `pk` primary key, `->` refers to.

s.users: Who logs in
  id integer pk
  mood s.mood? (sad|ok)

s.a_notes
  user_id integer -> s.users (id)
  text text?

s.log [by RANGE (at), 1 partition]
  at date
  user_id integer? -> s.users (id)
  check (at > '2000-01-01'::date)

s.alone
  x integer?

view s.v
  one integer
";

    #[test]
    fn tables_are_in_the_order_of_their_relationships() {
        assert_eq!(text(20_000), WHOLE);
        assert_eq!(text(length(WHOLE)), WHOLE);
    }

    #[test]
    fn tables_beyond_the_limit_are_omitted_and_named() {
        let shorter = text(length(WHOLE) - 1);
        // There is no room for its name.
        assert!(shorter.ends_with("x integer?\n\nLeft out: 1 view.\n"), "{shorter}");
        let short = text(LEAST_CHARS);
        assert!(short.contains("s.users") && !short.contains("s.a_notes\n"), "{short}");
        assert!(short.contains("Left out: 3 tables, 1 view."), "{short}");
        for chars in LEAST_CHARS..=length(WHOLE) {
            assert!(length(&text(chars)) <= chars, "{chars}");
        }
    }

    #[test]
    fn comments_are_shortened_to_one_line() {
        assert_eq!(remark(Some(" a\n\tb ")), ": a b");
        assert_eq!(length(&remark(Some(&"é".repeat(500)))), LONGEST_COMMENT + 3);
        assert_eq!(remark(None), "");
    }
}
