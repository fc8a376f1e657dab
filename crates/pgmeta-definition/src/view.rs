//! Views and materialized views of a definition.

use pgmeta_core::ident::Name;
use serde_json::{Map, Value};

use crate::expression::Expression;
use crate::grant::GrantDefinition;
use crate::index::IndexDefinition;
use crate::settings::Settings;
use crate::table::TriggerDefinition;

definition! {
    /// A view.
    pub struct ViewDefinition {
        /// The name of the view.
        name: Name,
        /// The query, without a semicolon at the end.
        query: String;
        /// The schema. Absent: that of the definition.
        schema: Option<Name>,
        /// The columns of which more is to be said.
        columns: Vec<ViewColumnDefinition>,
        /// The options, such as `security_barrier`.
        options: Settings,
        /// The triggers (INSTEAD OF).
        triggers: Vec<TriggerDefinition>,
        /// The comment on the view.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default.
        grants: Option<Vec<GrantDefinition>>,
        /// What tools keep for themselves.
        labels: Map<String, Value>,
    }
}

definition! {
    /// A column of a view.
    pub struct ViewColumnDefinition {
        /// The name of the column.
        name: Name;
        /// The default of an INSERT into the view.
        default: Option<Expression>,
        /// The comment on the column.
        comment: Option<String>,
        /// The privileges on the column.
        grants: Vec<GrantDefinition>,
    }
}

definition! {
    /// A materialized view, without its rows.
    pub struct MaterializedViewDefinition {
        /// The name of the materialized view.
        name: Name,
        /// The query, without a semicolon at the end.
        query: String;
        /// The schema. Absent: that of the definition.
        schema: Option<Name>,
        /// The columns of which more is to be said.
        columns: Vec<ViewColumnDefinition>,
        /// The indexes.
        indexes: Vec<IndexDefinition>,
        /// The storage parameters.
        options: Settings,
        /// The comment on the materialized view.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default.
        grants: Option<Vec<GrantDefinition>>,
        /// What tools keep for themselves.
        labels: Map<String, Value>,
    }
}
