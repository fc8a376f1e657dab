//! The address of an object: its kind, names and arguments, as in `pg_get_object_address`. Contains all code that prints kinds; knows
//! no attributes.

use std::fmt;
use std::sync::Arc;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ident::{Name, ident, ident_list, qualified};
use crate::model::reading::Field;

macro_rules! kinds {
    ($first:ident $first_word:literal, $($variant:ident $word:literal),* $(,)?) => {
        /// Every kind of object, in the words of `pg_identify_object`.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[expect(missing_docs, reason = "a variant has the name of its word")]
        pub enum ObjectKind { #[default] #[serde(rename = $first_word)] $first, $(#[serde(rename = $word)] $variant),* }

        impl Field<'_> for ObjectKind {}

        impl ObjectKind {
            /// All kinds, in their order.
            pub const ALL: &'static [ObjectKind] = &[ObjectKind::$first, $(ObjectKind::$variant),*];

            /// Returns the word of `pg_identify_object` for the kind.
            pub fn word(self) -> &'static str {
                match self { ObjectKind::$first => $first_word, $(ObjectKind::$variant => $word),* }
            }

            /// Returns the kind with a word of `pg_identify_object`.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $first_word => Some(ObjectKind::$first), $($word => Some(ObjectKind::$variant),)* _ => None }
            }
        }
    };
}

kinds! {
    Role "role",
    RoleMembership "role membership",
    Tablespace "tablespace",
    Database "database",
    ParameterPrivileges "parameter ACL",
    Schema "schema",
    Extension "extension",
    ExtensionMember "extension member",
    AccessMethod "access method",
    Language "language",
    Collation "collation",
    Conversion "conversion",
    Type "type",
    Function "function",
    Procedure "procedure",
    Aggregate "aggregate",
    Operator "operator",
    OperatorFamily "operator family",
    OperatorClass "operator class",
    Cast "cast",
    Transform "transform",
    TextSearchParser "text search parser",
    TextSearchTemplate "text search template",
    TextSearchDictionary "text search dictionary",
    TextSearchConfiguration "text search configuration",
    ForeignDataWrapper "foreign-data wrapper",
    Server "server",
    UserMapping "user mapping",
    Sequence "sequence",
    Table "table",
    ForeignTable "foreign table",
    View "view",
    MaterializedView "materialized view",
    DefaultValue "default value",
    TableConstraint "table constraint",
    DomainConstraint "domain constraint",
    Index "index",
    StatisticsObject "statistics object",
    Trigger "trigger",
    Rule "rule",
    Policy "policy",
    Publication "publication",
    Subscription "subscription",
    LargeObject "large object",
    DefaultPrivileges "default acl",
    EventTrigger "event trigger",
}

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
        use ObjectKind::*;
        match (self.kind, &*self.names) {
            (Table | ForeignTable | View | MaterializedView | Sequence, [schema, name])
            | (TableConstraint | Trigger | Rule | Policy | DefaultValue, [schema, name, _]) => Some((schema, name)),
            _ => None,
        }
    }

    /// Returns the schema of the object, if its kind has one.
    pub fn schema(&self) -> Option<&Name> {
        use ObjectKind::*;
        match self.kind {
            Schema => self.names.first(),
            Collation
            | Conversion
            | Type
            | Function
            | Procedure
            | Aggregate
            | Operator
            | TextSearchParser
            | TextSearchTemplate
            | TextSearchDictionary
            | TextSearchConfiguration
            | Sequence
            | Table
            | ForeignTable
            | View
            | MaterializedView
            | DefaultValue
            | TableConstraint
            | Index
            | StatisticsObject
            | Trigger
            | Rule
            | Policy
            | DomainConstraint => self.names.first(),
            OperatorFamily | OperatorClass => self.names.get(1),
            Role | RoleMembership | Tablespace | Database | ParameterPrivileges | Extension | ExtensionMember
            | AccessMethod | Language | Cast | Transform | ForeignDataWrapper | Server | UserMapping | Publication
            | Subscription | LargeObject | DefaultPrivileges | EventTrigger => None,
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
        use ObjectKind::*;
        match self.kind {
            Function | Procedure | Aggregate => {
                format!("{}({})", qualified(self.at(0), self.at(1)), self.args.join(","))
            }
            // Operator names are punctuation: never quoted.
            Operator => format!("{}.{}({},{})", ident(self.at(0)), self.at(1), self.arg(0), self.arg(1)),
            OperatorFamily | OperatorClass => {
                format!("{} USING {}", qualified(self.at(1), self.at(2)), ident(self.at(0)))
            }
            Cast => format!("({} AS {})", self.at(0), self.arg(0)),
            Transform => format!("for {} language {}", self.at(0), ident(self.arg(0))),
            UserMapping => format!("{} on server {}", ident(self.at(0)), ident(self.arg(0))),
            TableConstraint | Trigger | Rule | Policy => {
                format!("{} on {}", ident(self.at(2)), qualified(self.at(0), self.at(1)))
            }
            DomainConstraint => format!("{} on {}", ident(self.at(2)), qualified(self.at(0), self.at(1))),
            DefaultValue => format!("for {}.{}", qualified(self.at(0), self.at(1)), ident(self.at(2))),
            DefaultPrivileges => {
                let mut text = format!("for role {}", ident(self.at(0)));
                if let Some(schema) = self.names.get(1) {
                    text += &format!(" in schema {}", ident(schema));
                }
                format!("{text} on {}", self.arg(0))
            }
            RoleMembership => format!("{} in {}", ident(self.at(1)), ident(self.at(0))),
            ParameterPrivileges | LargeObject => self.at(0).to_owned(),
            // The first argument is the member's own type, the rest are its arguments.
            ExtensionMember => match ObjectKind::from_word(self.arg(0)) {
                Some(kind) => {
                    let args = self.args.iter().skip(1).cloned().collect();
                    ObjectKey { kind, names: self.names.clone(), args }.to_string()
                }
                None => format!("{} {}", self.arg(0), self.names.join(".")),
            },
            Type
            | Collation
            | Conversion
            | TextSearchParser
            | TextSearchTemplate
            | TextSearchDictionary
            | TextSearchConfiguration
            | Sequence
            | Table
            | ForeignTable
            | View
            | MaterializedView
            | Index
            | StatisticsObject => qualified(self.at(0), self.at(1)),
            Role | Tablespace | Database | Schema | Extension | AccessMethod | Language | ForeignDataWrapper
            | Server | Publication | Subscription | EventTrigger => ident_list(self.names.iter()),
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
