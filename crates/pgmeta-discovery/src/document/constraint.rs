//! Constraints of tables in the document.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Constraint, ConstraintKind, ForeignKeyAction, ForeignKeyMatch};
use schemars::JsonSchema;
use serde::Serialize;

/// A constraint of a table. Not-null constraints are the columns'.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct ConstraintEntry {
    /// The name of the constraint.
    pub name: Name,
    /// The kind of constraint.
    pub kind: ConstraintKind,
    /// The columns of the key, in order. A check has none: its expression names them.
    pub columns: Vec<Name>,
    /// The condition of a check, or the whole definition of an exclusion constraint, as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expression: Option<String>,
    /// The schema of the table that a foreign key refers to. Absent, like what follows, for other kinds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referenced_schema: Option<Name>,
    /// The name of the table that a foreign key refers to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referenced_table: Option<Name>,
    /// The columns that a foreign key refers to, in the order of `columns`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub referenced_columns: Option<Vec<Name>>,
    /// How a foreign key of several columns treats nulls.
    #[serde(rename = "match", skip_serializing_if = "Option::is_none")]
    pub matching: Option<ForeignKeyMatch>,
    /// The action when the referenced row is updated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_update: Option<ForeignKeyAction>,
    /// The action when the referenced row is deleted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_delete: Option<ForeignKeyAction>,
    /// Whether it can be deferred to the end of the transaction.
    pub deferrable: bool,
    /// Whether it is deferred unless SET CONSTRAINTS says otherwise.
    pub initially_deferred: bool,
    /// Whether all rows have been checked.
    pub validated: bool,
    /// Whether it is enforced.
    pub enforced: bool,
    /// The comment on the constraint.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Returns a constraint as the document has it.
pub fn constraint(own: &Constraint) -> ConstraintEntry {
    let key = own.foreign_key.as_ref();
    ConstraintEntry {
        name: own.name.clone(),
        kind: own.kind,
        columns: own.columns.clone(),
        expression: own.expression.clone(),
        referenced_schema: key.map(|key| key.table.schema.clone()),
        referenced_table: key.map(|key| key.table.name.clone()),
        referenced_columns: key.map(|key| key.columns.clone()),
        matching: key.map(|key| key.matching),
        on_update: key.map(|key| key.on_update),
        on_delete: key.map(|key| key.on_delete),
        deferrable: own.deferrable,
        initially_deferred: own.initially_deferred,
        validated: !own.not_valid,
        enforced: !own.not_enforced,
        comment: own.comment.clone(),
    }
}
