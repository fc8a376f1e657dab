//! The register of object kinds: `kinds!` says of each kind what an object is called and where it is printed, `for_each_kind!` names
//! the list and the struct of each. The rest of the code reads these tables. A new kind begins here.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::model::privilege::{DefaultPrivilegesOn, Privilege};
use crate::model::reading::Field;

/// What the names and arguments of an address are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// Its name.
    Global,
    /// Its name, printed without quotes: a setting, a number.
    Plain,
    /// Its name; other objects are in it.
    Schema,
    /// Its schema and name.
    InSchema,
    /// Its schema and name; other objects belong to it.
    Relation,
    /// The schema and name of a relation, and its own name.
    OfRelation,
    /// The schema and name of a domain, and its own name.
    OfDomain,
    /// The schema and name of a relation, and a column.
    OfColumn,
    /// Its schema and name; the types of its arguments.
    Callable,
    /// Its schema and name; the types of its operands.
    Operator,
    /// An access method, its schema and name.
    OfMethod,
    /// A type; a type.
    Cast,
    /// A type; a language.
    Transform,
    /// A role; a server.
    UserMapping,
    /// A role, a role.
    Membership,
    /// A role, and a schema if any; a kind of objects.
    DefaultPrivileges,
    /// The names of the member; its kind and its arguments.
    Member,
}

/// The folder of an object in the file tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Folder {
    /// Its own, which has its name.
    Schema,
    /// Its own, in this folder of its schema, where its file is `table.sql`.
    Table(&'static str),
    /// This folder of its relation, or of its schema if it belongs to no relation.
    OfRelation(&'static str),
    /// This folder of its schema.
    InSchema(&'static str),
    /// This folder of the database.
    Database(&'static str),
    /// This folder of the cluster.
    Cluster(&'static str),
}

/// What all code must know of a kind.
#[derive(Debug)]
pub(crate) struct Facts {
    pub form: Form,
    pub folder: Folder,
    /// The place of its CREATE among those of other kinds, where no dependency decides.
    pub place: u8,
    /// All privileges on its objects, which the owner has by default.
    pub privileges: &'static [Privilege],
    /// The privileges that PUBLIC has by default.
    pub public: &'static [Privilege],
    /// The default privileges that its new objects get.
    pub defaults: Option<DefaultPrivilegesOn>,
    /// Its words in ALTER and COMMENT ON, if they are not those of `pg_identify_object`.
    pub sql: Option<&'static str>,
    /// Its words in GRANT, if they differ.
    pub grant: Option<&'static str>,
}

macro_rules! kinds {
    ($(
        $(#[$meta:meta])*
        $kind:ident $word:literal {
            $form:ident, $folder:ident $(($name:literal))?, $place:literal
            $(, sql: $sql:literal)? $(, grant: $grant:literal)?
            $(, privileges: [$($privilege:ident),*] $(, public: [$($public:ident),*])? $(, defaults: $defaults:ident)?)?
        }
    )*) => {
        /// Every kind of object, in the words of `pg_identify_object`.
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[expect(missing_docs, reason = "a variant has the name of its word")]
        pub enum ObjectKind { $($(#[$meta])* #[serde(rename = $word)] $kind),* }

        impl ObjectKind {
            /// All kinds, in their order.
            pub const ALL: &'static [ObjectKind] = &[$(ObjectKind::$kind),*];

            /// Returns the word of `pg_identify_object` for the kind.
            pub fn word(self) -> &'static str {
                match self { $(ObjectKind::$kind => $word),* }
            }

            /// Returns the kind with a word of `pg_identify_object`.
            pub fn from_word(word: &str) -> Option<Self> {
                match word { $($word => Some(ObjectKind::$kind),)* _ => None }
            }

            pub(crate) fn facts(self) -> &'static Facts {
                match self {
                    $(ObjectKind::$kind => &Facts {
                        form: Form::$form,
                        folder: Folder::$folder $(($name))?,
                        place: $place,
                        privileges: &[$($(Privilege::$privilege),*)?],
                        public: &[$($($(Privilege::$public),*)?)?],
                        defaults: kinds!(@option $($($defaults)?)?),
                        sql: kinds!(@option $($sql)?),
                        grant: kinds!(@option $($grant)?),
                    }),*
                }
            }
        }
    };
    (@option) => { None };
    (@option $text:literal) => { Some($text) };
    (@option $on:ident) => { Some(DefaultPrivilegesOn::$on) };
}

impl Field<'_> for ObjectKind {}

impl ObjectKind {
    /// Returns whether its objects belong to the cluster, not to a database.
    pub fn is_of_cluster(self) -> bool {
        matches!(self.facts().folder, Folder::Cluster(_))
    }

    /// Returns the kind in the words of ALTER and COMMENT ON.
    pub(crate) fn sql_word(self) -> String {
        self.facts().sql.map_or_else(|| self.word().to_uppercase(), str::to_owned)
    }
}

kinds! {
    #[default]
    Role "role" { Global, Cluster("roles"), 1 }
    RoleMembership "role membership" { Membership, Cluster("role_memberships"), 2 }
    Tablespace "tablespace" { Global, Cluster("tablespaces"), 3, privileges: [Create] }
    Database "database" {
        Global, Cluster("databases"), 4,
        privileges: [Create, Temporary, Connect], public: [Temporary, Connect]
    }
    ParameterPrivileges "parameter ACL" { Plain, Cluster("parameters"), 5, privileges: [Set, AlterSystem] }
    Schema "schema" { Schema, Schema, 10, privileges: [Create, Usage], defaults: Schemas }
    Extension "extension" { Global, Database("extensions"), 11 }
    ExtensionMember "extension member" { Member, Database("extension_members"), 43 }
    AccessMethod "access method" { Global, Database("access_methods"), 12 }
    Language "language" { Global, Database("languages"), 13, privileges: [Usage], public: [Usage] }
    Collation "collation" { InSchema, InSchema("collations"), 14 }
    Conversion "conversion" { InSchema, InSchema("conversions"), 28 }
    Type "type" { InSchema, InSchema("types"), 16, privileges: [Usage], public: [Usage], defaults: Types }
    Function "function" { Callable, InSchema("functions"), 20, privileges: [Execute], public: [Execute], defaults: Functions }
    Procedure "procedure" { Callable, InSchema("procedures"), 21, privileges: [Execute], public: [Execute], defaults: Functions }
    Aggregate "aggregate" { Callable, InSchema("aggregates"), 22, grant: "FUNCTION", privileges: [Execute], public: [Execute], defaults: Functions }
    Operator "operator" { Operator, InSchema("operators"), 23 }
    OperatorFamily "operator family" { OfMethod, InSchema("operator_families"), 24 }
    OperatorClass "operator class" { OfMethod, InSchema("operator_classes"), 25 }
    // Implicit casts and transforms change the meaning of a function's body: they come before functions.
    Cast "cast" { Cast, Database("casts"), 18 }
    Transform "transform" { Transform, Database("transforms"), 19 }
    TextSearchParser "text search parser" { InSchema, InSchema("text_search_parsers"), 30 }
    TextSearchTemplate "text search template" { InSchema, InSchema("text_search_templates"), 31 }
    TextSearchDictionary "text search dictionary" { InSchema, InSchema("text_search_dictionaries"), 32 }
    TextSearchConfiguration "text search configuration" { InSchema, InSchema("text_search_configurations"), 33 }
    ForeignDataWrapper "foreign-data wrapper" { Global, Database("foreign_data_wrappers"), 40, sql: "FOREIGN DATA WRAPPER", privileges: [Usage] }
    Server "server" { Global, Database("servers"), 41, grant: "FOREIGN SERVER", privileges: [Usage] }
    UserMapping "user mapping" { UserMapping, Database("user_mappings"), 42 }
    Sequence "sequence" { Relation, OfRelation("sequences"), 45, privileges: [Select, Update, Usage], defaults: Sequences }
    Table "table" {
        Relation, Table("tables"), 50,
        privileges: [Insert, Select, Update, Delete, Truncate, References, Trigger, Maintain], defaults: Tables
    }
    ForeignTable "foreign table" {
        Relation, Table("foreign_tables"), 50, grant: "TABLE",
        privileges: [Insert, Select, Update, Delete, Truncate, References, Trigger, Maintain], defaults: Tables
    }
    View "view" {
        Relation, InSchema("views"), 55, grant: "TABLE",
        privileges: [Insert, Select, Update, Delete, Truncate, References, Trigger, Maintain], defaults: Tables
    }
    MaterializedView "materialized view" {
        Relation, InSchema("materialized_views"), 56, grant: "TABLE",
        privileges: [Insert, Select, Update, Delete, Truncate, References, Trigger, Maintain], defaults: Tables
    }
    DefaultValue "default value" { OfColumn, OfRelation("defaults"), 53 }
    TableConstraint "table constraint" { OfRelation, OfRelation("constraints"), 70 }
    DomainConstraint "domain constraint" { OfDomain, InSchema("domains"), 17 }
    Index "index" { InSchema, OfRelation("indexes"), 71 }
    StatisticsObject "statistics object" { InSchema, OfRelation("statistics"), 73, sql: "STATISTICS" }
    Trigger "trigger" { OfRelation, OfRelation("triggers"), 75 }
    Rule "rule" { OfRelation, OfRelation("rules"), 74 }
    Policy "policy" { OfRelation, OfRelation("policies"), 79 }
    Publication "publication" { Global, Database("publications"), 80 }
    Subscription "subscription" { Global, Database("subscriptions"), 81 }
    LargeObject "large object" { Plain, Database("large_objects"), 60, privileges: [Select, Update] }
    DefaultPrivileges "default acl" { DefaultPrivileges, Database("default_privileges"), 85 }
    EventTrigger "event trigger" { Global, Database("event_triggers"), 90 }
}

/// Calls a macro with all kinds and their lists. All code for every kind comes from this list.
macro_rules! for_each_kind {
    ($then:ident) => {
        $then! {
            /// The roles of the cluster. Only with the option `cluster`.
            roles: Role,
            /// The memberships of roles in roles. Only with the option `cluster`.
            role_memberships: RoleMembership,
            /// The tablespaces of the cluster. Only with the option `cluster`.
            tablespaces: Tablespace,
            /// The databases of the cluster. Only with the option `cluster`.
            databases: Database,
            /// The privileges on configuration parameters. Only with the option `cluster`.
            parameter_privileges: ParameterPrivileges,
            /// The schemas.
            schemas: Schema,
            /// The extensions.
            extensions: Extension,
            /// The changes on members of extensions and on system objects since their installation.
            extension_members: ExtensionMember,
            /// The access methods of tables and indexes.
            access_methods: AccessMethod,
            /// The procedural languages.
            languages: Language,
            /// The collations.
            collations: Collation,
            /// The conversions between encodings.
            conversions: Conversion,
            /// The types: enum, composite, range, base and shell.
            types: Type,
            /// The domains.
            domains: Domain,
            /// The functions, procedures and window functions.
            functions: Function,
            /// The aggregate functions.
            aggregates: Aggregate,
            /// The operators.
            operators: Operator,
            /// The operator families.
            operator_families: OperatorFamily,
            /// The operator classes.
            operator_classes: OperatorClass,
            /// The casts between types.
            casts: Cast,
            /// The transforms of types for languages.
            transforms: Transform,
            /// The text search parsers.
            text_search_parsers: TextSearchParser,
            /// The text search templates.
            text_search_templates: TextSearchTemplate,
            /// The text search dictionaries.
            text_search_dictionaries: TextSearchDictionary,
            /// The text search configurations.
            text_search_configurations: TextSearchConfiguration,
            /// The foreign-data wrappers.
            foreign_data_wrappers: ForeignDataWrapper,
            /// The foreign servers.
            servers: Server,
            /// The user mappings of foreign servers.
            user_mappings: UserMapping,
            /// The sequences, those of serial and identity columns included.
            sequences: Sequence,
            /// Tables, partitioned tables, partitions and foreign tables.
            tables: Table,
            /// The views.
            views: View,
            /// The materialized views.
            materialized_views: MaterializedView,
            /// The constraints of tables, except not-null constraints, which belong to columns.
            constraints: Constraint,
            /// The indexes without a constraint.
            indexes: Index,
            /// The extended statistics.
            statistics_objects: StatisticsObject,
            /// The triggers.
            triggers: Trigger,
            /// The rules.
            rules: Rule,
            /// The row-level security policies.
            policies: Policy,
            /// The publications.
            publications: Publication,
            /// The subscriptions.
            subscriptions: Subscription,
            /// The large objects, without their data.
            large_objects: LargeObject,
            /// The default privileges of roles.
            default_privileges: DefaultPrivileges,
            /// The event triggers.
            event_triggers: EventTrigger,
        }
    };
}
pub(crate) use for_each_kind;
