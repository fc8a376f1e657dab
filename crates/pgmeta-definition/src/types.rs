//! Enums, domains and composite types of a definition.

use pgmeta_core::ident::Name;

use crate::constraint::CheckDefinition;
use crate::expression::Expression;
use crate::grant::GrantDefinition;

definition! {
    /// An enum type.
    pub struct EnumDefinition {
        /// The name of the type.
        name: Name,
        /// The labels, in order.
        values: Vec<Name>;
        /// The schema. Absent: that of the definition.
        schema: Option<Name>,
        /// The comment on the type.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default.
        grants: Option<Vec<GrantDefinition>>,
    }
}

definition! {
    /// A domain.
    pub struct DomainDefinition {
        /// The name of the domain.
        name: Name,
        /// The type that it is based on.
        r#type: Name;
        /// The schema. Absent: that of the definition.
        schema: Option<Name>,
        /// Whether values must not be null.
        not_null: bool,
        /// The default.
        default: Option<Expression>,
        /// The collation, as SQL.
        collation: Option<String>,
        /// The checks; their expressions call the value VALUE.
        checks: Vec<CheckDefinition>,
        /// The comment on the domain.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default.
        grants: Option<Vec<GrantDefinition>>,
    }
}

definition! {
    /// A composite type.
    pub struct CompositeDefinition {
        /// The name of the type.
        name: Name,
        /// The attributes, in order.
        attributes: Vec<AttributeDefinition>;
        /// The schema. Absent: that of the definition.
        schema: Option<Name>,
        /// The comment on the type.
        comment: Option<String>,
        /// The privileges of others than the owner. Absent: PostgreSQL's default.
        grants: Option<Vec<GrantDefinition>>,
    }
}

definition! {
    /// An attribute of a composite type.
    pub struct AttributeDefinition {
        /// The name of the attribute.
        name: Name,
        /// The type of the attribute.
        r#type: Name;
        /// The collation, as SQL.
        collation: Option<String>,
        /// The comment on the attribute.
        comment: Option<String>,
    }
}
