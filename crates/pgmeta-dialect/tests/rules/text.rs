//! The statements of conversions, read just far enough to check rules. Knows the form in which this crate prints them.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use pgmeta_core::model::Model;
use pgmeta_dialect::{Dialect, Options, convert};

/// A table as its statement defines it.
#[derive(Debug, Default)]
pub struct Table {
    pub name: String,
    /// The definitions of columns by name, in quotes.
    pub columns: BTreeMap<String, String>,
    /// The lines that define no column.
    pub constraints: Vec<String>,
    /// The keys: names of columns as they are written, with lengths.
    pub keys: Vec<Vec<String>>,
}

/// Returns the statements of each fixture.
pub fn statements(dialect: Dialect) -> Vec<(String, Vec<String>)> {
    let shared = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/fixtures/snapshots");
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/traps/snapshot.json");
    let mut files: Vec<_> = fs::read_dir(shared).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.push(own);
    files.sort();
    let of_file = |path: std::path::PathBuf| {
        let model = Model::from_json(&fs::read_to_string(&path).unwrap()).unwrap();
        let output = convert(&model, dialect, &Options::default());
        (path.display().to_string(), output.statements)
    };
    files.into_iter().map(of_file).collect()
}

/// Returns the tables of the statements, with the keys of their indexes.
pub fn tables(statements: &[String], quote: char) -> BTreeMap<String, Table> {
    let mut found = BTreeMap::new();
    for statement in statements {
        if let Some(rest) = statement.strip_prefix("CREATE TABLE ") {
            let (name, rest) = rest.split_once(" (\n").unwrap();
            let mut table = Table { name: name.to_owned(), ..Table::default() };
            let body = rest.rsplit_once("\n)").unwrap().0;
            for line in body.split(",\n  ") {
                let line = line.trim_start();
                if line.starts_with(quote) {
                    let end = end_of_name(line, quote);
                    table.columns.insert(line[..end].to_owned(), line[end..].trim().to_owned());
                    continue;
                }
                let kinds = ["UNIQUE (", "PRIMARY KEY (", "FOREIGN KEY ("];
                let key = kinds.iter().find_map(|kind| Some(line.split_once(kind)?.1));
                if let Some(key) = key.or_else(|| line.strip_prefix("KEY (")) {
                    table.keys.push(list(key));
                }
                table.constraints.push(line.to_owned());
            }
            found.insert(name.to_owned(), table);
        } else if let Some((head, rest)) = statement.split_once(" ON ")
            && head.contains("INDEX ")
        {
            let (table, keys) = rest.split_once(" (").unwrap();
            found.get_mut(table).unwrap().keys.push(list(keys));
        }
    }
    found
}

/// Returns the length of the quoted name that a line begins with.
pub fn end_of_name(line: &str, quote: char) -> usize {
    let close = if quote == '[' { ']' } else { quote };
    let inner = &line[1..];
    let mut at = 0;
    loop {
        at += inner[at..].find(close).unwrap() + close.len_utf8();
        if !inner[at..].starts_with(close) {
            return at + 1;
        }
        at += close.len_utf8();
    }
}

/// Returns the elements of a list up to its closing parenthesis.
fn list(text: &str) -> Vec<String> {
    let (mut depth, mut found, mut element) = (0, Vec::new(), String::new());
    for c in text.chars() {
        match c {
            ')' if depth == 0 => break,
            ',' if depth == 0 => found.push(std::mem::take(&mut element).trim().to_owned()),
            c => {
                depth += i32::from(c == '(') - i32::from(c == ')');
                element.push(c);
            }
        }
    }
    found.push(element.trim().to_owned());
    found
}

/// Returns the number in parentheses after a word.
pub fn length(definition: &str, word: &str) -> Option<u32> {
    let rest = definition.strip_prefix(word)?.strip_prefix('(')?;
    rest.split([')', ',']).next()?.parse().ok()
}
