//! One relationship between two tables, as a row of `pgmeta_relationships`.

use pgmeta_core::ident::Name;
use pgmeta_core::model::ForeignKeyAction;
use schemars::JsonSchema;
use serde::Serialize;

use super::strategy::Strategy;

/// What kind of relationship it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A row of the parent has at most one row of the child.
    OneToOne,
    /// A row of the parent has any number of rows of the child.
    OneToMany,
    /// Rows of both have any number of rows of the other, through a junction table.
    ManyToMany,
    /// A foreign key of a table to itself.
    #[serde(rename = "self")]
    SelfReference,
}

impl Kind {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Kind::OneToOne => "one_to_one",
            Kind::OneToMany => "one_to_many",
            Kind::ManyToMany => "many_to_many",
            Kind::SelfReference => "self",
        }
    }
}

/// How many rows of one side a row of the other side has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Cardinality {
    /// None or one.
    ZeroOrOne,
    /// One.
    ExactlyOne,
    /// Any number, or none.
    ZeroOrMore,
    /// At least one.
    OneOrMore,
}

impl Cardinality {
    /// Returns the word for it.
    pub fn word(self) -> &'static str {
        match self {
            Cardinality::ZeroOrOne => "zero_or_one",
            Cardinality::ExactlyOne => "exactly_one",
            Cardinality::ZeroOrMore => "zero_or_more",
            Cardinality::OneOrMore => "one_or_more",
        }
    }

    pub(super) fn of(one_at_most: bool, one_at_least: bool) -> Self {
        match (one_at_most, one_at_least) {
            (true, true) => Cardinality::ExactlyOne,
            (true, false) => Cardinality::ZeroOrOne,
            (false, true) => Cardinality::OneOrMore,
            (false, false) => Cardinality::ZeroOrMore,
        }
    }
}

/// A relationship between two tables. The parent is the table that is referred to.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Relationship {
    /// The name of the foreign key, or of the junction table. A virtual relationship has the name that PostgreSQL would give
    /// to its foreign key.
    pub name: Name,
    /// The kind of relationship.
    pub kind: Kind,
    /// The schema of the table.
    pub schema: Name,
    /// The name of the table.
    pub table_name: Name,
    /// The columns of the table, in the order of the foreign key.
    pub columns: Vec<Name>,
    /// The schema of the parent.
    pub parent_schema: Name,
    /// The name of the parent.
    pub parent_table: Name,
    /// The columns of the parent, in the order of `columns`.
    pub parent_columns: Vec<Name>,
    /// How many rows of the table a row of the parent has.
    pub cardinality: Cardinality,
    /// How many rows of the parent a row of the table has.
    pub parent_cardinality: Cardinality,
    /// The junction table of a many-to-many relationship, as `schema.table`, quoted where SQL requires it.
    pub through: Option<String>,
    /// Whether no foreign key declares it: names and types imply it.
    #[serde(rename = "virtual")]
    pub implied: bool,
    /// The strategy that found a virtual relationship.
    pub strategy: Option<Strategy>,
    /// The number of the cycle of foreign keys that it is part of. A reference of a table to itself is not a cycle.
    pub cycle: Option<i32>,
    /// The action when a row of the parent is deleted. Null: no foreign key.
    pub on_delete: Option<ForeignKeyAction>,
    /// The action when a row of the parent is updated. Null: no foreign key.
    pub on_update: Option<ForeignKeyAction>,
    /// Whether the check can be deferred to the end of the transaction. Null: no foreign key.
    pub deferrable: Option<bool>,
    /// Whether all rows have been checked. Null: no foreign key.
    pub validated: Option<bool>,
}

impl Relationship {
    /// Returns whether a foreign key declares it.
    pub fn is_declared(&self) -> bool {
        !self.implied && self.through.is_none()
    }

    /// Returns the table by schema and name.
    pub fn table(&self) -> (&Name, &Name) {
        (&self.schema, &self.table_name)
    }

    /// Returns the parent by schema and name.
    pub fn parent(&self) -> (&Name, &Name) {
        (&self.parent_schema, &self.parent_table)
    }

    pub(super) fn order(&self) -> impl Ord + '_ {
        (self.table(), &self.name, self.implied, self.parent(), &self.columns, &self.parent_columns)
    }
}
