//! Scripts of statements, as the rules of migrations see them. Parses nothing: the server's parser does, and the extension makes
//! these records of its parse trees.

mod action;
mod added;
mod before;
mod domains;
mod names;
mod present;
mod questions;
mod retype;
mod rewrite;
mod run;
mod settings;
mod state;
mod tracked;
mod type_change;
mod world;

use std::fmt;

use pgmeta_core::ident::{ident, qualified, unquote};
use pgmeta_core::lexer;
use pgmeta_core::model::{ConstraintKind, Domain};
use rustc_hash::FxHashMap;

use crate::analysis::calls_outside_of_selects;

pub use action::Action;
pub(crate) use before::Before;
pub(crate) use names::Names;
pub(crate) use present::{PresentConstraint, PresentIndex};
pub use questions::{changed_types, dropped_extensions, named_schemas};
pub(crate) use rewrite::{begins_with, statements, with_concurrently};
pub(crate) use run::StatementContext;
pub use run::{Assumptions, ScriptFinding, functions_of_defaults, lint_script};
pub(crate) use settings::Settings;
pub(crate) use state::State;
pub(crate) use type_change::TypeChange;
pub(crate) use world::{Column, World};

/// A statement of a script.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Statement {
    /// Its number in the script, from 1.
    pub number: usize,
    /// The line on which it begins, from 1.
    pub line: usize,
    /// Its text, without the semicolon.
    pub sql: String,
    /// What it does. One ALTER TABLE does several things.
    pub actions: Vec<Action>,
}

/// The name of an object, as the statement writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ObjectName {
    /// The schema, if it is written.
    pub schema: Option<String>,
    /// The name.
    pub name: String,
}

impl ObjectName {
    /// Returns the name of an object of the model.
    pub(crate) fn in_schema(schema: &str, name: &str) -> Self {
        Self { schema: Some(schema.to_owned()), name: name.to_owned() }
    }

    /// Reads a name as the server prints it.
    pub(crate) fn written(text: &str) -> Self {
        match lexer::code(text).filter(|(_, byte)| *byte == b'.').last() {
            Some((at, _)) => Self { schema: Some(unquote(&text[..at])), name: unquote(&text[at + 1..]) },
            None => Self { schema: None, name: unquote(text) },
        }
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.schema {
            Some(schema) => f.write_str(&qualified(schema, &self.name)),
            None => f.write_str(&ident(&self.name)),
        }
    }
}

/// A column of a statement.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ColumnDefinition {
    /// Its name.
    pub name: String,
    /// Its type, as it is written without a schema: `numeric(10,2)`.
    pub type_name: String,
    /// The name of its type, without modifiers; absent for an array, which no domain is.
    pub base_type: Option<ObjectName>,
    /// The name of its collation, if it is written.
    pub collation: Option<String>,
    /// Whether it is NOT NULL, a primary key included.
    pub not_null: bool,
    /// The functions in its default, as they are written; absent without a default.
    pub default_functions: Option<Vec<ObjectName>>,
    /// Whether the default is NULL.
    pub default_is_null: bool,
    /// Whether it is a stored generated column.
    pub generated: bool,
    /// Whether it is an identity column or serial.
    pub identity: bool,
    /// The constraints in its definition, except NOT NULL.
    pub constraints: Vec<ConstraintDefinition>,
}

impl ColumnDefinition {
    /// Returns what a domain of the model demands of a column.
    pub(crate) fn of_domain(domain: &Domain) -> Self {
        let calls =
            |text: &String| calls_outside_of_selects(text).iter().map(|call| ObjectName::written(&call.name)).collect();
        Self {
            name: domain.name.to_string(),
            type_name: domain.base_type.to_string(),
            base_type: Some(ObjectName::written(&domain.base_type)),
            collation: domain.collation.as_ref().map(|own| own.name.to_string()),
            not_null: domain.not_null.is_some(),
            default_functions: domain.default.as_ref().map(calls),
            constraints: domain.checks.iter().map(|_| ConstraintDefinition::of(ConstraintKind::Check)).collect(),
            ..Self::default()
        }
    }

    /// Returns whether the server checks the values of a domain with this definition.
    pub(crate) fn is_constrained(&self) -> bool {
        self.not_null || !self.constraints.is_empty()
    }
}

/// A constraint of a statement.
#[derive(Clone, Debug, PartialEq)]
pub struct ConstraintDefinition {
    /// Its name, if it is written.
    pub name: Option<String>,
    /// What it demands.
    pub kind: ConstraintKind,
    /// Whether it is NOT VALID.
    pub not_valid: bool,
    /// The index that it takes, if it exists already.
    pub using_index: Option<String>,
    /// The columns that it names.
    pub columns: Vec<String>,
    /// The columns that it demands a value of, if it is a check: those of `column IS NOT NULL`, by itself or joined by AND.
    pub not_null_columns: Vec<String>,
    /// The constants in a check.
    pub constants: Vec<String>,
    /// The table that a foreign key refers to.
    pub references: Option<ObjectName>,
    /// Whether it is NOT ENFORCED.
    pub not_enforced: bool,
}

impl ConstraintDefinition {
    /// Returns a constraint of a kind, without anything else.
    pub fn of(kind: ConstraintKind) -> Self {
        Self {
            name: None,
            kind,
            not_valid: false,
            using_index: None,
            columns: Vec::new(),
            not_null_columns: Vec::new(),
            constants: Vec::new(),
            references: None,
            not_enforced: false,
        }
    }

    /// Returns whether all rows are read for it if it is added to a table.
    pub(crate) fn reads_rows(&self) -> bool {
        matches!(self.kind, ConstraintKind::ForeignKey | ConstraintKind::Check) && !self.not_valid && !self.not_enforced
    }

    /// Returns whether the server builds or takes an index for it.
    pub(crate) fn has_index(&self) -> bool {
        matches!(self.kind, ConstraintKind::PrimaryKey | ConstraintKind::Unique | ConstraintKind::Exclusion)
    }
}

/// The bound of a partition.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PartitionBound {
    /// Whether it is DEFAULT.
    pub is_default: bool,
    /// Whether it is a remainder of hash values.
    pub is_hash: bool,
    /// Whether NULL is one of its values.
    pub has_null: bool,
    /// Its constants.
    pub constants: Vec<String>,
}

/// An index of a statement, or of the schema before.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IndexDefinition {
    /// The access method.
    pub method: String,
    /// The key, in order.
    pub keys: Vec<IndexKey>,
    /// The columns of INCLUDE.
    pub include: Vec<String>,
    /// Whether it has a condition, or an expression in its key.
    pub has_expression: bool,
    /// The columns that the condition and the expressions name.
    pub named: Vec<String>,
    /// Whether it is part of an index of the parent.
    pub is_attached: bool,
}

/// A column or an expression of an index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IndexKey {
    /// The column; absent: it is an expression.
    pub column: Option<String>,
    /// The name of its operator class, if it is written.
    pub class: Option<String>,
    /// Whether it has a collation of its own.
    pub has_collation: bool,
}

impl IndexDefinition {
    /// Returns the key columns, without expressions.
    pub(crate) fn key_columns(&self) -> impl Iterator<Item = &str> {
        self.keys.iter().filter_map(|key| key.column.as_deref())
    }

    /// Returns all columns that it needs. The server drops it with any of them.
    pub(crate) fn columns(&self) -> impl Iterator<Item = &str> {
        self.key_columns().chain(self.include.iter().chain(&self.named).map(String::as_str))
    }

    /// Gives each column another name, or drops a name that is none. Returns `None` if a column was dropped.
    pub(crate) fn renamed(mut self, columns: &FxHashMap<String, Option<String>>) -> Option<Self> {
        let is_column = |name: &String| columns.contains_key(name);
        self.keys.retain(|key| key.column.as_ref().is_none_or(is_column));
        self.include.retain(is_column);
        self.named.retain(is_column);
        let keys = self.keys.iter_mut().filter_map(|key| key.column.as_mut());
        for name in keys.chain(&mut self.include).chain(&mut self.named) {
            name.clone_from(columns.get(name)?.as_ref()?);
        }
        Some(self)
    }
}
