//! The address of an object: its kind, names and arguments, as in `pg_get_object_address`. Knows no attributes.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ident::{Name, ident, ident_list, qualified};
use crate::model::ObjectKind;
use crate::model::reading::Field;
use crate::model::registry::Form;

/// The address of an object: `names` and `args` as in `pg_get_object_address(type, names, args)`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ObjectKey {
    /// The kind of object, in the words of `pg_identify_object`.
    #[serde(rename = "type")]
    pub kind: ObjectKind,
    /// The names of the object: its schema, its relation and its own, as far as its kind has them.
    // Shared like names, because all dependents repeat it.
    #[serde(deserialize_with = "crate::model::reading::read")]
    pub names: Arc<[Name]>,
    /// The arguments that distinguish it from objects with the same names: types of a function, operands of an operator.
    #[serde(default, skip_serializing_if = "crate::model::is_empty", deserialize_with = "crate::model::reading::read")]
    pub args: Arc<[Name]>,
}

impl Field<'_> for ObjectKey {}

impl ObjectKey {
    /// Returns the names for changes in this key only.
    pub fn names_mut(&mut self) -> &mut [Name] {
        Arc::make_mut(&mut self.names)
    }

    /// A kind addressed by one name: schema, role, extension, …
    pub fn global(kind: ObjectKind, name: &Name) -> Self {
        Self { kind, names: Arc::new([name.clone()]), args: Arc::default() }
    }

    /// A kind addressed by schema and name.
    pub fn in_schema(kind: ObjectKind, schema: &Name, name: &Name) -> Self {
        Self { kind, names: Arc::new([schema.clone(), name.clone()]), args: Arc::default() }
    }

    /// A kind addressed by schema, relation and name: constraint, trigger, rule, policy, default value.
    pub fn on_relation(kind: ObjectKind, schema: &Name, relation: &Name, name: &Name) -> Self {
        Self { kind, names: Arc::new([schema.clone(), relation.clone(), name.clone()]), args: Arc::default() }
    }

    /// A kind addressed by schema, name and argument types.
    pub fn with_args(kind: ObjectKind, schema: &Name, name: &Name, args: Vec<Name>) -> Self {
        Self { kind, names: Arc::new([schema.clone(), name.clone()]), args: args.into() }
    }

    /// Returns the schema and name of the relation that the object is or belongs to. For an index, its own name.
    pub fn relation(&self) -> Option<(&Name, &Name)> {
        let form = self.kind.facts().form;
        match &*self.names {
            [schema, name] if form == Form::Relation => Some((schema, name)),
            [schema, name, _] if matches!(form, Form::OfRelation | Form::OfColumn) => Some((schema, name)),
            _ => None,
        }
    }

    /// Returns the schema of the object, if its kind has one.
    pub fn schema(&self) -> Option<&Name> {
        match self.kind.facts().form {
            Form::Schema
            | Form::InSchema
            | Form::Relation
            | Form::OfRelation
            | Form::OfDomain
            | Form::OfColumn
            | Form::Callable
            | Form::Operator => self.names.first(),
            Form::OfMethod => self.names.get(1),
            Form::Global
            | Form::Plain
            | Form::Cast
            | Form::Transform
            | Form::UserMapping
            | Form::Membership
            | Form::DefaultPrivileges
            | Form::Member => None,
        }
    }

    /// Returns the object's own name, the last of its names.
    pub fn name(&self) -> &str {
        self.names.last().map_or("", |name| name)
    }

    fn at(&self, i: usize) -> &str {
        self.names.get(i).map_or("", |name| name)
    }

    fn arg(&self, i: usize) -> &str {
        self.args.get(i).map_or("", |name| name)
    }

    /// Returns the identity as `pg_identify_object` prints it.
    pub fn identity(&self) -> String {
        match self.kind.facts().form {
            Form::Global | Form::Schema => ident_list(self.names.iter()),
            Form::Plain => self.at(0).to_owned(),
            Form::InSchema | Form::Relation => qualified(self.at(0), self.at(1)),
            Form::OfRelation | Form::OfDomain => {
                format!("{} on {}", ident(self.at(2)), qualified(self.at(0), self.at(1)))
            }
            Form::OfColumn => format!("for {}.{}", qualified(self.at(0), self.at(1)), ident(self.at(2))),
            Form::Callable => format!("{}({})", qualified(self.at(0), self.at(1)), self.args.join(",")),
            // Operator names are punctuation: never quoted.
            Form::Operator => format!("{}.{}({},{})", ident(self.at(0)), self.at(1), self.arg(0), self.arg(1)),
            Form::OfMethod => format!("{} USING {}", qualified(self.at(1), self.at(2)), ident(self.at(0))),
            Form::Cast => format!("({} AS {})", self.at(0), self.arg(0)),
            Form::Transform => format!("for {} language {}", self.at(0), ident(self.arg(0))),
            Form::UserMapping => format!("{} on server {}", ident(self.at(0)), ident(self.arg(0))),
            Form::Membership => format!("{} in {}", ident(self.at(1)), ident(self.at(0))),
            Form::DefaultPrivileges => {
                let mut text = format!("for role {}", ident(self.at(0)));
                if let Some(schema) = self.names.get(1) {
                    text += &format!(" in schema {}", ident(schema));
                }
                format!("{text} on {}", self.arg(0))
            }
            // The first argument is the member's own type, the rest are its arguments.
            Form::Member => match ObjectKind::from_word(self.arg(0)) {
                Some(kind) => {
                    let args = self.args.iter().skip(1).cloned().collect();
                    ObjectKey { kind, names: self.names.clone(), args }.to_string()
                }
                None => format!("{} {}", self.arg(0), self.names.join(".")),
            },
        }
    }
}

/// Types that `format_type` prints without a schema for any search path.
const SQL_TYPES: &[&str] = &[
    "bigint",
    "bit",
    "bit varying",
    "boolean",
    "character",
    "character varying",
    "double precision",
    "integer",
    "interval",
    "numeric",
    "real",
    "smallint",
    "time with time zone",
    "time without time zone",
    "timestamp with time zone",
    "timestamp without time zone",
];

/// Returns the address of a type that is printed for an empty search path, where `text` is `pg_catalog.text`.
pub fn type_address(sql: &Name) -> Name {
    // No system type has a dot in its name.
    let base = sql.trim_end_matches("[]");
    if base.contains('.') || SQL_TYPES.contains(&base) { sql.clone() } else { Name::from(format!("pg_catalog.{sql}")) }
}

impl fmt::Display for ObjectKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.word(), self.identity())
    }
}
