//! What rows say in a form that only the server can spell: types by number, expressions as parse trees. Works on rows
//! before they reach the builder, and knows no object.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

use crate::ident::Name;
use crate::rows::cells::RowError;

/// Names a relation's columns by their numbers.
pub type ColumnNames<'a> = &'a dyn Fn(i16) -> Option<&'a str>;

/// What the server is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// Turns the parse tree of an expression into SQL; it may name columns of the relation, if that is not 0.
    pub expression: fn(&str, u32, ColumnNames<'_>) -> Option<String>,
    /// Spells a type with its modifier.
    pub data_type: fn(u32, i32) -> Option<SpelledType>,
}

/// A type with its modifier, and what its columns have unless they are told otherwise.
#[derive(Clone, Debug)]
pub struct SpelledType {
    /// As `format_type` prints it.
    pub name: Name,
    pub collation: u32,
    pub storage: u8,
}

/// Types by OID and modifier.
pub type SpelledTypes = FxHashMap<(u32, i32), SpelledType>;

/// Asks the server once for what many rows share.
#[derive(Debug)]
pub struct Speller {
    server: Server,
    types: SpelledTypes,
    /// Those of `types` that no builder has been told yet.
    new_types: SpelledTypes,
    /// Expressions by their trees without locations, followed by the names of the columns in them.
    expressions: FxHashMap<String, Option<String>>,
    /// Where in `names` the name of a relation's column stands, by its number.
    columns: FxHashMap<(u32, i16), Range<usize>>,
    names: String,
}

impl Speller {
    pub fn new(server: Server) -> Self {
        Self {
            server,
            types: FxHashMap::default(),
            new_types: FxHashMap::default(),
            expressions: FxHashMap::default(),
            columns: FxHashMap::default(),
            names: String::new(),
        }
    }

    /// Returns the types that have been spelled since it was asked last.
    pub fn take_types(&mut self) -> SpelledTypes {
        std::mem::take(&mut self.new_types)
    }

    /// Notes a column, which expressions may name.
    pub(super) fn column(&mut self, relation: u32, number: i16, name: &str) {
        let start = self.names.len();
        self.names.push_str(name);
        self.columns.insert((relation, number), start..self.names.len());
    }

    /// Spells a type with its modifier, for the builder.
    pub(super) fn data_type(&mut self, oid: u32, typmod: i32) -> Result<(), RowError> {
        if !self.types.contains_key(&(oid, typmod)) {
            let spelled = (self.server.data_type)(oid, typmod).ok_or(RowError::Vanished("type", oid))?;
            self.types.insert((oid, typmod), spelled.clone());
            self.new_types.insert((oid, typmod), spelled);
        }
        Ok(())
    }

    /// Returns an expression over a relation's columns as SQL.
    pub fn expression(&mut self, tree: &str, relation: u32) -> Option<String> {
        let server = self.server;
        let Self { columns, names, .. } = self;
        let name = |number: i16| columns.get(&(relation, number)).map(|range| &names[range.clone()]);
        let mut key = without_locations(tree);
        for column in columns_in(tree) {
            // The text of what is no column of the list, the row as a whole, may depend on more.
            let Some(name) = column.and_then(name) else { return (server.expression)(tree, relation, &name) };
            key.push('\0');
            key.push_str(name);
        }
        self.expressions.entry(key).or_insert_with(|| (server.expression)(tree, relation, &name)).clone()
    }
}

/// Iterates over the numbers of the columns that a parse tree names.
fn columns_in(tree: &str) -> impl Iterator<Item = Option<i16>> {
    static VARIABLE: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("{VAR "));
    VARIABLE.find_iter(tree.as_bytes()).map(|at| column_number(&tree[at..]))
}

/// Returns the number of the column that a parse tree names first in this text.
pub fn column_number(variable: &str) -> Option<i16> {
    variable.split(' ').skip_while(|word| *word != ":varattno").nth(1)?.parse().ok()
}

/// Removes from a parse tree where its parts stood in the statement that made it.
fn without_locations(tree: &str) -> String {
    const FIELD: &str = " :location ";
    static LOCATION: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new(FIELD));
    let mut text = String::with_capacity(tree.len());
    let mut rest = tree;
    while let Some(at) = LOCATION.find(rest.as_bytes()) {
        text.push_str(&rest[..at]);
        rest = rest[at + FIELD.len()..].trim_start_matches(|c: char| c == '-' || c.is_ascii_digit());
    }
    text.push_str(rest);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asks_once_for_trees_that_differ_by_location() {
        thread_local! { static ASKED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) }; }
        let server = Server {
            expression: |_, _, _| {
                ASKED.set(ASKED.get() + 1);
                Some("now()".into())
            },
            data_type: |_, _| None,
        };
        let mut speller = Speller::new(server);
        for location in ["7", "-1", "1234"] {
            let tree = format!("{{FUNCEXPR :funcid 1299 :args <> :location {location}}}");
            assert_eq!(speller.expression(&tree, 1).as_deref(), Some("now()"));
        }
        assert_eq!(ASKED.get(), 1);
        assert!(speller.expression("{FUNCEXPR :funcid 1300 :args <> :location 7}", 1).is_some());
        assert_eq!(ASKED.get(), 2);
    }

    #[test]
    fn names_columns_by_number() {
        let server = Server { expression: |_, _, name| name(2).map(str::to_owned), data_type: |_, _| None };
        let mut speller = Speller::new(server);
        speller.column(1, 1, "a");
        speller.column(1, 2, "b");
        assert_eq!(speller.expression("{VAR :varattno 2 :location 1}", 1).as_deref(), Some("b"));
        assert_eq!(speller.expression("{VAR :varattno 2 :location 1}", 9), None);
        // The same tree over columns with other names is another expression.
        speller.column(3, 2, "c");
        assert_eq!(speller.expression("{VAR :varattno 2 :location 1}", 3).as_deref(), Some("c"));
    }
}
