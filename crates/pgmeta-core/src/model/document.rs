//! The model as a whole: a list for every kind, in the order of the JSON document.

use crate::model::*;

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
