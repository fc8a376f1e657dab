//! What each dialect says of itself: how its types, keys, names and statements are. A dialect implements [`Target`].

use crate::data_type::{Base, DataType};
use crate::expression::Syntax;
use crate::names::NameRules;
use crate::options::Options;

/// Where comments on tables and columns are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comments {
    /// In SQL comments.
    Script,
    /// In the statement, with the greatest numbers of characters on a table and on a column or index.
    Inline(usize, usize),
}

/// Where a name is unique.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NameScope {
    /// In its table.
    Table,
    /// Among the names of its kind.
    Kind,
    /// In its schema, beside the names of tables.
    Schema,
}

/// Which indexes of some rows there are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Partial {
    /// Any condition.
    Any,
    /// Comparisons of columns with constants, joined by AND.
    Simple,
    /// None. Keys can be CASE expressions.
    ByExpression,
    /// None.
    None,
}

/// How columns are numbered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Numbering {
    /// The column is `INTEGER PRIMARY KEY`.
    PrimaryKey,
    /// The column leads a key.
    LeadsKey,
    /// Any column.
    Any,
}

/// The greatest key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct KeyLimit {
    /// The number of bytes.
    pub bytes: u32,
    /// The greatest number of columns.
    pub columns: usize,
    /// The length that a column of any length gets in a key.
    pub length: u32,
    /// Whether a key can have the first characters of a column.
    pub prefix: bool,
}

/// What a dialect can do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Facts {
    /// Its name in texts.
    pub name: &'static str,
    /// What is required of all names.
    pub names: NameRules,
    /// What else is required of tables and views, and of indexes.
    pub relation_names: NameRules,
    pub index_names: NameRules,
    /// The greatest number of columns of a table.
    pub columns: usize,
    pub comments: Comments,
    pub numbering: Numbering,
    pub partial_indexes: Partial,
    pub expression_indexes: bool,
    /// Whether a key of an index may be descending.
    pub descending: bool,
    pub include: bool,
    /// Whether foreign keys can be deferred.
    pub deferrable: bool,
    /// Whether a foreign key can name a table that comes later.
    pub forward_references: bool,
    /// Whether both sides of a foreign key must have one type.
    pub equal_types: bool,
    pub key: Option<KeyLimit>,
    /// The greatest row in bytes, without long texts.
    pub row_bytes: Option<u32>,
    /// Whether a unique key has one null at most.
    pub nulls_are_equal: bool,
    pub set_default: bool,
    pub restrict: bool,
    /// Whether actions of foreign keys must not reach a table twice.
    pub one_cascade: bool,
    /// Whether a column with an action of a foreign key can be in a check.
    pub checks_with_actions: bool,
    pub not_enforced: bool,
    pub sequences: bool,
    /// Whether a generated column that is not stored can be in a constraint.
    pub virtual_columns: bool,
    /// Whether a generated column can be NOT NULL.
    pub generated_not_null: bool,
    /// Whether a generated column can be in the primary key.
    pub generated_primary_key: bool,
    /// Whether constant defaults of long types are expressions.
    pub long_default_in_parentheses: bool,
    /// Whether a numbered column can be in a check, a generated column or the expression of an index.
    pub expressions_with_numbers: bool,
    /// Whether both sides of a foreign key must have one length.
    pub equal_lengths: bool,
    /// Where the names of checks, foreign keys, keys and indexes are unique.
    pub check_names: NameScope,
    pub foreign_key_names: NameScope,
    pub key_names: NameScope,
    pub index_scope: NameScope,
}

/// A check that a type needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum TypeCheck {
    Boolean,
    /// The greatest number of characters.
    Length(u32),
    OneOf(Vec<String>),
    Json,
}

/// How a column of a type can be in a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyPart {
    /// It has a number of bytes.
    Fixed(u32),
    /// It has a number of characters, each of a number of bytes. Absent: any number.
    Sized(u32, Option<u32>),
    /// It cannot.
    Never,
}

/// A type of the dialect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ColumnType {
    pub sql: String,
    /// The collation, if the type needs one.
    pub collation: Option<&'static str>,
    pub checks: Vec<TypeCheck>,
    /// How it differs from PostgreSQL's.
    pub loss: Option<String>,
    /// Whether it keeps exact numbers as text.
    pub number_as_text: bool,
    /// Whether it keeps PostgreSQL's text form.
    pub text_form: bool,
    pub key: KeyPart,
}

impl ColumnType {
    /// Returns a type that is the same.
    pub fn same(sql: impl Into<String>, key: KeyPart) -> Self {
        Self {
            sql: sql.into(),
            collation: None,
            checks: Vec::new(),
            loss: None,
            number_as_text: false,
            text_form: false,
            key,
        }
    }

    /// Returns a type that differs.
    pub fn other(sql: impl Into<String>, key: KeyPart, loss: impl Into<String>) -> Self {
        Self { loss: Some(loss.into()), ..Self::same(sql, key) }
    }

    /// Adds a check.
    pub fn with(mut self, check: TypeCheck) -> Self {
        self.checks.push(check);
        self
    }

    /// Says that it keeps PostgreSQL's text form.
    pub fn in_text_form(mut self) -> Self {
        self.text_form = true;
        self
    }
}

/// A dialect.
pub(crate) trait Target: Syntax {
    /// Returns what it can do.
    fn facts(&self) -> &Facts;
    /// Returns itself as the syntax of expressions.
    fn syntax(&self) -> &dyn Syntax;
    /// Returns the type of a column. `key` is the greatest length that the keys of the column allow.
    fn data_type(&self, data_type: &DataType<'_>, key: Option<u32>) -> ColumnType;
    /// Returns the type of a text of any length.
    fn long_text(&self) -> &'static str {
        "TEXT"
    }
    /// Returns a name of an object in a schema.
    fn qualified(&self, _schema: Option<&str>, name: &str) -> String {
        self.ident(name)
    }
    /// Returns the schema of the dialect for one of PostgreSQL. Absent: there are no schemas.
    fn schema(&self, _schema: &str) -> Option<String> {
        None
    }
    /// Returns the statement that creates a schema.
    fn create_schema(&self, _schema: &str) -> Option<String> {
        None
    }
    /// Returns what follows a type that is numbered, with the first number and the step.
    fn numbered(&self, start: i64, increment: i64) -> String;
    /// Returns what follows the columns of a table.
    fn table_suffix(&self, has_key: bool, is_numbered: bool, options: &Options, start: Option<i64>) -> String;
    /// Returns the definition of a generated column after its name. The type and the collation are the column's.
    fn generated(&self, data_type: &str, collation: &str, expression: &str, stored: bool) -> String {
        let stored = if stored { "STORED" } else { "VIRTUAL" };
        format!("{data_type}{collation} GENERATED ALWAYS AS ({expression}) {stored}")
    }
    /// Returns a constant as the default of a long type.
    fn long_default(&self, _data_type: &str, literal: &str) -> String {
        literal.to_owned()
    }
    /// Returns the statement that creates a sequence.
    fn create_sequence(&self, _sequence: &pgmeta_core::model::Sequence, _name: &str) -> Option<String> {
        None
    }
    /// Returns the least and the greatest number of a sequence.
    fn sequence_bounds(&self) -> (i64, i64) {
        (i64::MIN, i64::MAX)
    }
    /// Returns the statement that drops a table, view or sequence if it exists.
    fn drop_statement(&self, kind: &str, name: &str) -> String {
        format!("DROP {kind} IF EXISTS {name}")
    }
    /// Adds to the statements that drop tables what foreign keys between them need: pairs of a table and a constraint.
    fn drop_foreign_keys(&self, _keys: &[(&str, &str)], drops: Vec<String>) -> Vec<String> {
        drops
    }
    /// Returns the expression of an index as a key.
    fn index_expression(&self, expression: &str) -> String {
        expression.to_owned()
    }
    /// Returns the word that ends a batch, if a view must be alone in one.
    fn batch_end(&self) -> Option<&'static str> {
        None
    }
    /// Returns whether a grouped query can have only columns of its groups.
    fn groups_strictly(&self) -> bool {
        false
    }
    /// Returns whether there is FULL JOIN.
    fn has_full_joins(&self) -> bool {
        true
    }
    /// Returns whether a view can have an order.
    fn orders_views(&self) -> bool {
        true
    }
    /// Returns what foreign keys need to be checked at all.
    fn foreign_keys_need(&self) -> Option<&'static str> {
        None
    }
    /// Returns whether a primary key has a name.
    fn names_primary_key(&self) -> bool {
        true
    }
}

/// Returns the length of a type of characters, if it has one.
pub(crate) fn length_of(base: &Base<'_>) -> Option<u32> {
    match base {
        Base::Char(length) | Base::Macaddr(length) => Some(*length),
        Base::Varchar(length) => *length,
        Base::Name => Some(63),
        Base::Byte => Some(1),
        _ => None,
    }
}
