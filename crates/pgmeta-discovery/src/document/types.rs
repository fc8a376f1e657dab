//! Types and domains in the document.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Domain, Model, Type};
use schemars::JsonSchema;
use serde::Serialize;

use super::column::joined;
use super::type_name::{TypeKind, kind_of};

/// An attribute of a composite type.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct AttributeEntry {
    /// The name of the attribute.
    pub name: Name,
    /// The type, as `format_type` prints it.
    #[serde(rename = "type")]
    pub data_type: Name,
    /// Whether it may be null, which is true of every attribute: a composite type has no constraints.
    pub nullable: bool,
    /// The comment on the attribute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// A type or domain.
#[derive(Clone, Debug, Default, PartialEq, Serialize, JsonSchema)]
pub struct TypeEntry {
    /// The schema of the type.
    pub schema: Name,
    /// The name of the type.
    pub name: Name,
    /// The kind of type.
    pub kind: TypeKind,
    /// The labels of an enum type, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enum_labels: Option<Vec<Name>>,
    /// The attributes of a composite type, in order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<Vec<AttributeEntry>>,
    /// The type of the bounds of a range type, as `format_type` prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subtype: Option<Name>,
    /// The type that a domain is based on, as `format_type` prints it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base_type: Option<Name>,
    /// Whether a domain is declared NOT NULL. A column of it may be null all the same, because a query without rows gives null to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_null: Option<bool>,
    /// The default of a domain, as SQL.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default: Option<String>,
    /// The conditions of a domain, as SQL, joined with AND.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// The comment on the type.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
}

/// Returns the types of a model and its domains, by schema and name.
pub fn types(model: &Model) -> Vec<TypeEntry> {
    let all = model.types.iter().map(own_type).chain(model.domains.iter().map(domain));
    let mut found: Vec<TypeEntry> = all.inspect(|_| check()).collect();
    found.sort_by(|one, other| (&one.schema, &one.name).cmp(&(&other.schema, &other.name)));
    found
}

fn own_type(own: &Type) -> TypeEntry {
    let attribute = |own: &pgmeta_core::model::Attribute| AttributeEntry {
        name: own.name.clone(),
        data_type: own.data_type.clone(),
        nullable: true,
        comment: own.comment.clone(),
    };
    TypeEntry {
        schema: own.schema.clone(),
        name: own.name.clone(),
        kind: kind_of(own),
        enum_labels: own.enum_labels.clone(),
        attributes: own.attributes.as_ref().map(|all| all.iter().map(attribute).collect()),
        subtype: own.range.as_ref().map(|range| range.subtype.clone()),
        comment: own.comment.clone(),
        ..TypeEntry::default()
    }
}

fn domain(own: &Domain) -> TypeEntry {
    let conditions: Vec<&str> = own.checks.iter().map(|check| check.expression.as_str()).collect();
    TypeEntry {
        schema: own.schema.clone(),
        name: own.name.clone(),
        kind: TypeKind::Domain,
        base_type: Some(own.base_type.clone()),
        not_null: Some(own.not_null.is_some()),
        default: own.default.clone(),
        check: joined(&conditions),
        comment: own.comment.clone(),
        ..TypeEntry::default()
    }
}
