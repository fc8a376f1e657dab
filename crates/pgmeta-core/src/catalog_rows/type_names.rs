//! Values that only the server can print: types by OID, and expressions as parse trees. Works on rows before they reach the builder,
//! and knows no object.

use std::sync::LazyLock;

use memchr::memmem::Finder;
use rustc_hash::FxHashMap;

use crate::cells::RowError;
use crate::ident::Name;

/// Returns the name of a relation's column by its number.
pub type ColumnNames<'a> = &'a dyn Fn(i16) -> Option<&'a str>;

/// The calls to the server.
#[derive(Clone, Copy, Debug)]
pub struct Server {
    /// Prints the parse tree of an expression as SQL. It may use columns of the relation, if that is not 0.
    pub expression: fn(&str, u32, ColumnNames<'_>) -> Option<String>,
    /// Prints a type with its modifier.
    pub data_type: fn(u32, i32) -> Option<TypeName>,
}

/// A type with its modifier, and the default attributes of its columns.
#[derive(Clone, Debug)]
pub struct TypeName {
    /// As `format_type` prints it.
    pub name: Name,
    pub collation: u32,
    pub storage: u8,
}

/// Types by OID and modifier.
pub type SpelledTypes = FxHashMap<(u32, i32), TypeName>;

/// Calls the server once for values that many rows share.
#[derive(Debug)]
pub struct Speller {
    server: Server,
    types: SpelledTypes,
    /// The types that no builder has yet.
    new_types: SpelledTypes,
    /// Recent expressions, by their trees without locations, followed by the names of the columns in them.
    expressions: FxHashMap<String, Option<String>>,
    /// The length of all keys of `expressions`.
    cached: usize,
    columns: Vec<Column>,
    /// Whether `columns` are sorted, as rows usually are.
    ordered: bool,
    names: String,
}

/// A column that expressions may use. Small, because every column of the database has one.
#[derive(Debug)]
struct Column {
    relation: u32,
    number: i16,
    length: u16,
    /// The position of its name in `names`.
    start: u32,
}

/// The size of the cache of expressions: those of many tables are either few or all different.
const CACHE_SIZE: usize = 1 << 20;

impl Speller {
    pub fn new(server: Server) -> Self {
        Self {
            server,
            types: FxHashMap::default(),
            new_types: FxHashMap::default(),
            expressions: FxHashMap::default(),
            cached: 0,
            columns: Vec::new(),
            ordered: true,
            names: String::new(),
        }
    }

    /// Returns the types since the last call.
    pub fn drain_types(&mut self) -> SpelledTypes {
        std::mem::take(&mut self.new_types)
    }

    /// Adds a column, for expressions that use it.
    pub(super) fn column(&mut self, relation: u32, number: i16, name: &str) {
        // A name has at most 63 bytes. The server looks up columns that do not fit.
        let (Ok(start), Ok(length)) = (self.names.len().try_into(), name.len().try_into()) else { return };
        let follows = self.columns.last().is_none_or(|last| (last.relation, last.number) < (relation, number));
        self.ordered &= follows;
        self.names.push_str(name);
        self.columns.push(Column { relation, number, length, start });
    }

    /// Prints a type with its modifier, for the builder.
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
        if !std::mem::replace(&mut self.ordered, true) {
            self.columns.sort_unstable_by_key(|column| (column.relation, column.number));
        }
        let Self { columns, names, .. } = self;
        let name = |number: i16| {
            let found = columns.binary_search_by_key(&(relation, number), |column| (column.relation, column.number));
            let &Column { start, length, .. } = columns.get(found.ok()?)?;
            let start = usize::try_from(start).ok()?;
            names.get(start..start + usize::from(length))
        };
        let mut key = without_locations(tree);
        for column in columns_in(tree) {
            // A text other than a column of the list, such as a whole row, may depend on more.
            let Some(name) = column.and_then(name) else { return (server.expression)(tree, relation, &name) };
            key.push('\0');
            key.push_str(name);
        }
        if let Some(text) = self.expressions.get(&key) {
            return text.clone();
        }
        let text = (server.expression)(tree, relation, &name);
        self.cached += key.len();
        if self.cached > CACHE_SIZE {
            self.expressions.clear();
            self.cached = key.len();
        }
        self.expressions.insert(key, text.clone());
        text
    }
}

/// Iterates over the numbers of the columns in a parse tree.
fn columns_in(tree: &str) -> impl Iterator<Item = Option<i16>> {
    static VARIABLE: LazyLock<Finder<'_>> = LazyLock::new(|| Finder::new("{VAR "));
    VARIABLE.find_iter(tree.as_bytes()).map(|at| column_number(&tree[at..]))
}

/// Returns the number of the first column in a part of a parse tree.
pub fn column_number(variable: &str) -> Option<i16> {
    variable.split(' ').skip_while(|word| *word != ":varattno").nth(1)?.parse().ok()
}

/// Removes the locations from a parse tree: positions in the original statement.
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
    fn trees_that_differ_by_location_are_deparsed_once() {
        thread_local! { static ASKED: std::cell::Cell<u32> = const { std::cell::Cell::new(0) }; }
        let server = Server {
            expression: |_, _, _| {
                ASKED.set(ASKED.get() + 1);
                Some("now()".into())
            },
            data_type: |_, _| None,
        };
        let mut type_names = Speller::new(server);
        for location in ["7", "-1", "1234"] {
            let tree = format!("{{FUNCEXPR :funcid 1299 :args <> :location {location}}}");
            assert_eq!(type_names.expression(&tree, 1).as_deref(), Some("now()"));
        }
        assert_eq!(ASKED.get(), 1);
        assert!(type_names.expression("{FUNCEXPR :funcid 1300 :args <> :location 7}", 1).is_some());
        assert_eq!(ASKED.get(), 2);
    }

    #[test]
    fn the_expression_cache_is_limited() {
        let server = Server { expression: |tree, _, _| Some(tree.len().to_string()), data_type: |_, _| None };
        let mut type_names = Speller::new(server);
        for length in 1..12 {
            let tree = "x".repeat(length * CACHE_SIZE / 6);
            assert_eq!(type_names.expression(&tree, 1), Some(tree.len().to_string()));
            assert!(type_names.expressions.keys().map(String::len).sum::<usize>() <= CACHE_SIZE.max(tree.len()));
        }
    }

    #[test]
    fn columns_are_named_by_number() {
        let server = Server { expression: |_, _, name| name(2).map(str::to_owned), data_type: |_, _| None };
        let mut type_names = Speller::new(server);
        type_names.column(1, 1, "a");
        type_names.column(1, 2, "b");
        assert_eq!(type_names.expression("{VAR :varattno 2 :location 1}", 1).as_deref(), Some("b"));
        assert_eq!(type_names.expression("{VAR :varattno 2 :location 1}", 9), None);
        // The same tree with other column names is another expression, in any order of the columns.
        type_names.column(3, 2, "c");
        assert_eq!(type_names.expression("{VAR :varattno 2 :location 1}", 3).as_deref(), Some("c"));
        type_names.column(2, 2, "d");
        assert_eq!(type_names.expression("{VAR :varattno 2 :location 1}", 2).as_deref(), Some("d"));
    }
}
