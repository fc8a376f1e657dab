//! The model: plain, sorted, comparable data that is also the JSON document. One file per object kind.
//! Knows neither the catalog (no OID) nor how anything is printed.

#[macro_use]
mod macros;

mod access_method;
mod aggregate;
mod cast;
mod cluster;
mod collation;
mod column;
mod constraint;
mod conversion;
mod default_privileges;
mod domain;
mod event_trigger;
mod extension;
pub mod fields;
mod foreign;
mod function;
mod index;
mod json;
mod key;
mod language;
mod large_object;
mod member;
mod operator;
mod operator_class;
mod own;
mod policy;
mod privileges;
mod publication;
mod reading;
mod rule;
mod schema;
mod secrets;
mod select;
mod sequence;
pub(crate) mod sorting;
mod statistics;
mod structure;
mod subscription;
mod table;
mod text_search;
mod transform;
mod trigger;
mod types;
mod view;
mod writing;

pub use access_method::*;
pub use aggregate::*;
pub use cast::*;
pub use cluster::*;
pub use collation::*;
pub use column::*;
pub use constraint::*;
pub use conversion::*;
pub use default_privileges::*;
pub use domain::*;
pub use event_trigger::*;
pub use extension::*;
pub use foreign::*;
pub use function::*;
pub use index::*;
pub use json::*;
pub use key::*;
pub use language::*;
pub use large_object::*;
pub use member::*;
pub use operator::*;
pub use operator_class::*;
pub use own::{EXTENSION, Own};
pub use policy::*;
pub use privileges::*;
pub use publication::*;
pub use rule::*;
pub use schema::*;
pub use secrets::MASK;
pub use select::{has_type, type_words};
pub use sequence::*;
pub use statistics::*;
pub use structure::Structure;
pub use subscription::*;
pub use table::*;
pub use text_search::*;
pub use transform::*;
pub use trigger::*;
pub use types::*;
pub use view::*;

use crate::ident::Name;

/// The format this code writes and the newest it reads.
pub const FORMAT_VERSION: u32 = 1;

model! {
    roles: Role,
    role_memberships: RoleMembership,
    tablespaces: Tablespace,
    databases: Database,
    parameter_privileges: ParameterPrivileges,
    schemas: Schema,
    extensions: Extension,
    /// What was changed on members of extensions and on system objects since they were installed.
    extension_members: ExtensionMember,
    access_methods: AccessMethod,
    languages: Language,
    collations: Collation,
    conversions: Conversion,
    types: Type,
    domains: Domain,
    functions: Function,
    aggregates: Aggregate,
    operators: Operator,
    operator_families: OperatorFamily,
    operator_classes: OperatorClass,
    casts: Cast,
    transforms: Transform,
    text_search_parsers: TextSearchParser,
    text_search_templates: TextSearchTemplate,
    text_search_dictionaries: TextSearchDictionary,
    text_search_configurations: TextSearchConfiguration,
    foreign_data_wrappers: ForeignDataWrapper,
    servers: Server,
    user_mappings: UserMapping,
    sequences: Sequence,
    /// Tables, partitioned tables, partitions and foreign tables.
    tables: Table,
    views: View,
    materialized_views: MaterializedView,
    constraints: Constraint,
    indexes: Index,
    statistics_objects: StatisticsObject,
    triggers: Trigger,
    rules: Rule,
    policies: Policy,
    publications: Publication,
    subscriptions: Subscription,
    large_objects: LargeObject,
    default_privileges: DefaultPrivileges,
    event_triggers: EventTrigger,
}

impl Model {
    /// Replaces what may be a secret: options of user mappings and the like, connection strings, passwords.
    pub fn mask_secrets(&mut self) {
        self.roles.iter_mut().for_each(Role::mask_secrets);
        self.foreign_data_wrappers.iter_mut().for_each(ForeignDataWrapper::mask_secrets);
        self.servers.iter_mut().for_each(Server::mask_secrets);
        self.user_mappings.iter_mut().for_each(UserMapping::mask_secrets);
        self.subscriptions.iter_mut().for_each(Subscription::mask_secrets);
    }
}

/// What every kind of object offers.
pub trait Object {
    fn key(&self) -> ObjectKey;
    fn shared(&self) -> Shared<'_>;
    fn shared_mut(&mut self) -> SharedMut<'_>;
}

/// The attributes that every object has.
#[derive(Clone, Copy, Debug)]
pub struct Shared<'m> {
    pub owner: Option<&'m Name>,
    pub comment: Option<&'m str>,
    pub privileges: Option<&'m [Grant]>,
    pub security_labels: &'m [SecurityLabel],
    pub depends_on: &'m [ObjectKey],
    pub depends_on_extensions: &'m [Name],
}

/// The same, to be filled in.
pub struct SharedMut<'m> {
    pub owner: &'m mut Option<Name>,
    pub comment: &'m mut Option<String>,
    pub privileges: &'m mut Option<Vec<Grant>>,
    pub security_labels: &'m mut Vec<SecurityLabel>,
    pub depends_on: &'m mut Vec<ObjectKey>,
    pub depends_on_extensions: &'m mut Vec<Name>,
}

/// Called for each attribute that is written, so that writing a document can be interrupted.
pub(crate) fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    crate::interrupt::check();
    *value == T::default()
}

/// The same for lists that are no `Vec`.
pub(crate) fn is_empty<T>(list: &[T]) -> bool {
    crate::interrupt::check();
    list.is_empty()
}
