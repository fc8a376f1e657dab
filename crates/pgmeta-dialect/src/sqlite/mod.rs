//! SQLite 3.40: few types, checks in their place, all constraints in CREATE TABLE.

mod expression;
mod types;

use crate::data_type::DataType;
use crate::expression::Syntax;
use crate::names::NameRules;
use crate::options::Options;
use crate::target::{ColumnType, Comments, Facts, NameScope, Numbering, Partial, Target};

/// SQLite.
pub(crate) struct Sqlite;

const NAMES: NameRules = NameRules { longest: None, plain: false, without_accents: false, reserved: &[] };

const FACTS: Facts = Facts {
    name: "SQLite",
    names: NAMES,
    relation_names: NameRules { reserved: &["sqlite_*"], ..NAMES },
    index_names: NAMES,
    columns: 2000,
    comments: Comments::Script,
    numbering: Numbering::PrimaryKey,
    partial_indexes: Partial::Any,
    expression_indexes: true,
    descending: true,
    include: false,
    deferrable: true,
    forward_references: true,
    equal_types: false,
    key: None,
    row_bytes: None,
    nulls_are_equal: false,
    set_default: true,
    restrict: true,
    one_cascade: false,
    checks_with_actions: true,
    not_enforced: false,
    sequences: false,
    virtual_columns: true,
    generated_not_null: true,
    generated_primary_key: false,
    long_default_in_parentheses: false,
    expressions_with_numbers: true,
    equal_lengths: false,
    check_names: NameScope::Table,
    foreign_key_names: NameScope::Table,
    key_names: NameScope::Table,
    index_scope: NameScope::Schema,
};

impl Target for Sqlite {
    fn facts(&self) -> &Facts {
        &FACTS
    }

    fn syntax(&self) -> &dyn Syntax {
        self
    }

    fn data_type(&self, data_type: &DataType<'_>, _key: Option<u32>) -> ColumnType {
        types::column_type(data_type)
    }

    fn foreign_keys_need(&self) -> Option<&'static str> {
        Some("SQLite checks foreign keys after PRAGMA foreign_keys = ON, in each connection")
    }

    fn numbered(&self, _start: i64, _increment: i64) -> String {
        "PRIMARY KEY AUTOINCREMENT".to_owned()
    }

    fn table_suffix(&self, has_key: bool, is_numbered: bool, options: &Options, _start: Option<i64>) -> String {
        let mut words = Vec::new();
        if options.strict {
            words.push("STRICT");
        }
        // A table without row numbers numbers nothing.
        if options.without_rowid && has_key && !is_numbered {
            words.push("WITHOUT ROWID");
        }
        if words.is_empty() { String::new() } else { format!(" {}", words.join(", ")) }
    }
}
