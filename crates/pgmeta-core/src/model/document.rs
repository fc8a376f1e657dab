//! The model as a whole: a list for every kind, in the order of the JSON document.

use crate::model::*;

/// The format that this code writes, and the latest that it reads.
pub const FORMAT_VERSION: u32 = 1;

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

for_each_kind! { model }

impl Model {
    /// Replaces possible secrets: options of user mappings and the like, connection strings, passwords.
    pub fn mask_secrets(&mut self) {
        self.roles.iter_mut().for_each(Role::mask_secrets);
        self.foreign_data_wrappers.iter_mut().for_each(ForeignDataWrapper::mask_secrets);
        self.servers.iter_mut().for_each(Server::mask_secrets);
        self.user_mappings.iter_mut().for_each(UserMapping::mask_secrets);
        self.subscriptions.iter_mut().for_each(Subscription::mask_secrets);
    }
    /// Returns whether no secret in it is shown: masking would change nothing.
    pub fn is_masked(&self) -> bool {
        let shown = Model {
            roles: self.roles.clone(),
            foreign_data_wrappers: self.foreign_data_wrappers.clone(),
            servers: self.servers.clone(),
            user_mappings: self.user_mappings.clone(),
            subscriptions: self.subscriptions.clone(),
            ..Model::default()
        };
        let mut masked = shown.clone();
        masked.mask_secrets();
        masked == shown
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_without_shown_secrets_is_masked() {
        let options = vec![Setting { name: "password".into(), value: "secret".into() }];
        let mapping = UserMapping { user: "u".into(), server: "s".into(), options, ..UserMapping::default() };
        let mut model = Model { user_mappings: vec![mapping], ..Model::default() };
        assert!(!model.is_masked());
        model.mask_secrets();
        assert!(model.is_masked() && Model::default().is_masked());
    }
}
