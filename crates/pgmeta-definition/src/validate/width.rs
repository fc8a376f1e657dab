//! Wide keys and indexes: of many columns, or of values that may not fit into a page of a btree.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check as check_interrupts;

use crate::column::{ColumnDefinition, serial_base};
use crate::constraint::FullKey;
use crate::default_names::Label;
use crate::definition::Definition;
use crate::table::TableDefinition;
use crate::to_model::constraints::keys;
use crate::to_model::names::Names;
use crate::validate::{Findings, Level};

const CODE: &str = "WIDE_KEY";

/// The number of columns that a key may have before it is wide.
const MOST_COLUMNS: usize = 4;

/// The most bytes of an entry of a btree: a third of a page (BTMaxItemSize).
const MOST_BYTES: usize = 2_704;

/// The most bytes of a character in UTF-8.
const CHARACTER: usize = 4;

/// The types that have no order, so that no key and no btree takes them.
const UNORDERED: [&str; 9] = ["json", "xml", "point", "box", "line", "lseg", "path", "polygon", "circle"];

/// The type of hashes, which are short, and of files, which are long.
const BYTES: &str = "bytea";

/// The type of documents, most of which are long. Texts are not here: most of those in keys are short.
const DOCUMENT: &str = "jsonb";

/// A key or an index of a table.
struct Key<'d> {
    /// As the finding calls it: `the primary key`.
    word: &'static str,
    path: String,
    columns: Vec<&'d Name>,
}

pub(super) fn check(definition: &Definition, findings: &mut Findings) {
    let names = Names::of(definition);
    for (at, table) in definition.tables.iter().enumerate() {
        check_interrupts();
        let all = keys(table);
        for key in of_table(table, at, &all) {
            judge(&key, table, &names, findings);
        }
    }
}

/// Returns the keys of a table, and its btree indexes of columns.
fn of_table<'d>(table: &'d TableDefinition, at: usize, all: &'d [(Label, FullKey)]) -> Vec<Key<'d>> {
    let columns = || table.columns.iter().enumerate();
    let of_column = |(position, _): (usize, &ColumnDefinition)| format!("/tables/{at}/columns/{position}");
    // In the order of `keys`.
    let primary = table.primary_key.iter().map(|_| format!("/tables/{at}/primary_key"));
    let mut primary = primary.chain(columns().filter(|(_, own)| own.primary_key).map(of_column));
    let unique = (0..table.unique.len()).map(|position| format!("/tables/{at}/unique/{position}"));
    let mut unique = columns().filter(|(_, own)| own.unique).map(of_column).chain(unique);
    let mut found = Vec::new();
    for (label, key) in all {
        let (word, path) = match label {
            Label::PrimaryKey => ("the primary key", primary.next()),
            _ => ("a unique constraint", unique.next()),
        };
        found.push(Key { word, path: path.unwrap_or_default(), columns: key.columns.iter().collect() });
    }
    for (position, index) in table.indexes.iter().enumerate() {
        let is_plain = index.method.as_deref().is_none_or(|method| method == "btree")
            && index.columns.iter().all(|own| own.0.operator_class.is_none());
        if is_plain {
            let columns = index.columns.iter().filter_map(|own| own.0.column.as_ref()).collect();
            found.push(Key { word: "an index", path: format!("/tables/{at}/indexes/{position}"), columns });
        }
    }
    found
}

fn judge(key: &Key<'_>, table: &TableDefinition, names: &Names<'_>, findings: &mut Findings) {
    let data_type = |name: &Name| {
        let column = table.columns.iter().find(|own| own.name == *name)?;
        Some(serial_base(&column.r#type).map_or_else(|| names.data_type(&column.r#type), Name::from))
    };
    let types: Vec<(&Name, Name)> =
        key.columns.iter().filter_map(|name| data_type(name).map(|own| (*name, own))).collect();
    if let Some((name, own)) = types.iter().find(|(_, own)| UNORDERED.contains(&&**own)) {
        let message =
            format!("Column {name} in {} of table {} has type {own}, which has no order.", key.word, table.name);
        return findings.error(
            &key.path,
            "UNSUPPORTED_DATA_TYPE",
            message,
            "Use jsonb, or an index of another method.",
        );
    }
    let wide = |message: String, hint: &str, findings: &mut Findings| findings.warn(&key.path, CODE, message, hint);
    let of_type =
        |name: &Name, own: &Name| format!("Column {name} in {} of table {} has type {own}.", key.word, table.name);
    if let Some((name, own)) = types.iter().find(|(_, own)| &**own == DOCUMENT || own.ends_with("[]")) {
        let hint = "Values of more than 2,704 bytes cannot be stored. Index a hash of the value, or use a gin index.";
        return wide(of_type(name, own), hint, findings);
    }
    if let Some((name, own)) = types.iter().find(|(_, own)| &**own == BYTES) {
        let hint = "Values of more than 2,704 bytes cannot be stored; those of a hash are short.";
        return findings.add(&key.path, CODE, Level::Info, of_type(name, own), hint);
    }
    let bytes: usize = types.iter().filter_map(|(_, own)| text_bytes(own)).sum();
    if bytes > MOST_BYTES {
        let message = format!("Values in {} of table {} may have {bytes} bytes.", key.word, table.name);
        return wide(message, "Values of more than 2,704 bytes cannot be stored. Index a hash of them.", findings);
    }
    if key.columns.len() > MOST_COLUMNS {
        let message = format!("There are {} columns in {} of table {}.", key.columns.len(), key.word, table.name);
        let hint = match key.word {
            "an index" => "The last columns of an index rarely narrow a search: leave them out, or INCLUDE them.",
            _ => "Use an identity column as the primary key: all tables that refer to this one repeat the key.",
        };
        wide(message, hint, findings);
    }
}

/// Returns the most bytes of a text whose type has a length.
fn text_bytes(data_type: &str) -> Option<usize> {
    let length = data_type.strip_prefix("character varying(").or_else(|| data_type.strip_prefix("character("))?;
    Some(length.strip_suffix(')')?.parse::<usize>().ok()?.saturating_mul(CHARACTER))
}
