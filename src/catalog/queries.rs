//! The catalog queries, by name. Their text is in `queries/<name>.sql`; nothing else may speak to the catalog.

macro_rules! queries {
    ($($name:literal),* $(,)?) => {
        /// Returns the text of a query as written, before [`super::versions`] adapts it.
        pub fn text(name: &str) -> Option<&'static str> {
            match name {
                $($name => Some(include_str!(concat!("queries/", $name, ".sql"))),)*
                _ => None,
            }
        }
    };
}

queries! {
    "domain_bases",
    "collation_names",
    "operator_class_names",
    "access_methods",
    "aggregates",
    "casts",
    "collations",
    "columns",
    "comments",
    "constraints",
    "conversions",
    "coverage",
    "databases",
    "default_privileges",
    "defaults",
    "dependencies",
    "domain_constraints",
    "domains",
    "event_triggers",
    "extension_dependencies",
    "extensions",
    "foreign_data_wrappers",
    "functions",
    "global_default_privileges",
    "indexes",
    "initial_privileges",
    "languages",
    "large_objects",
    "member_columns",
    "member_objects",
    "members",
    "operator_classes",
    "operator_families",
    "operator_members",
    "operators",
    "parameter_privileges",
    "policies",
    "publication_tables",
    "publications",
    "relation_names",
    "role_memberships",
    "role_names",
    "roles",
    "rules",
    "schema_names",
    "schemas",
    "security_labels",
    "sequences",
    "servers",
    "settings",
    "statistics_objects",
    "subscriptions",
    "tables",
    "tablespaces",
    "text_search_configurations",
    "text_search_dictionaries",
    "text_search_parsers",
    "text_search_templates",
    "transforms",
    "triggers",
    "types",
    "user_mappings",
    "views",
}
