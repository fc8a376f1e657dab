//! Which rows there are, and the order in which they are read.

use crate::catalog_rows::builder::Ingest;
use crate::catalog_rows::{
    access_method, aggregate, cast, cluster, collation, column, constraint, conversion, default_privileges, dependency,
    domain, event_trigger, extension, foreign, function, index, language, large_object, member, names, operator,
    operator_class, policy, publication, rule, schema, sequence, shared, statistics, subscription, table, text_search,
    transform, trigger, types, view,
};

/// One kind of row, for whoever runs the queries.
pub trait Visitor {
    type Error;
    fn visit<R: Ingest>(&mut self) -> Result<(), Self::Error>;
}

macro_rules! reading_order {
    ($($(#[$meta:meta])* $group:ident: $($row:ty),* ;)*) => {
        /// Visits the row types in the order in which the builder needs them: what others look up comes first.
        pub fn visit_all<V: Visitor>(visitor: &mut V, wanted: Wanted) -> Result<(), V::Error> {
            $(if reading_order!(@wanted $group wanted) { $(visitor.visit::<$row>()?;)* })*
            Ok(())
        }
    };
    (@wanted always $wanted:ident) => { true };
    (@wanted $group:ident $wanted:ident) => { $wanted.$group };
}

/// Which groups of rows to read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wanted {
    /// Kinds that live in schemas and are not relations.
    pub in_schemas: bool,
    /// Relations, and what belongs to them.
    pub relations: bool,
    /// Kinds that live in no schema.
    pub global: bool,
    /// Roles, tablespaces, databases, settings.
    pub cluster: bool,
    /// What orders objects; one alone needs none.
    pub dependencies: bool,
}

reading_order! {
    always:
        names::RoleNameRow, names::SchemaNameRow, names::AccessMethodNameRow, names::TablespaceNameRow,
        names::RelationNameRow,
        names::OperatorClassNameRow, names::CollationNameRow, names::DomainBaseRow,
        shared::CommentRow, shared::SecurityLabelRow, shared::InitialPrivilegesRow, shared::MemberRow,
        shared::ExtensionDependencyRow;
    in_schemas:
        schema::SchemaRow, collation::CollationRow, conversion::ConversionRow,
        types::TypeRow, domain::DomainRow, domain::DomainConstraintRow,
        function::FunctionRow, aggregate::AggregateRow, operator::OperatorRow,
        operator_class::OperatorFamilyRow, operator_class::OperatorClassRow, operator_class::MemberRow,
        text_search::TextSearchParserRow, text_search::TextSearchTemplateRow,
        text_search::TextSearchDictionaryRow, text_search::TextSearchConfigurationRow;
    relations:
        table::TableRow, view::ViewRow, column::ColumnRow, column::DefaultRow, sequence::SequenceRow,
        constraint::ConstraintRow, index::IndexRow, statistics::StatisticsRow,
        trigger::TriggerRow, rule::RuleRow, policy::PolicyRow;
    in_schemas: default_privileges::DefaultPrivilegesRow;
    global:
        extension::ExtensionRow, member::MemberObjectRow, member::MemberColumnRow,
        default_privileges::GlobalDefaultPrivilegesRow,
        access_method::AccessMethodRow, language::LanguageRow, cast::CastRow, transform::TransformRow,
        foreign::ForeignDataWrapperRow, foreign::ServerRow, foreign::UserMappingRow,
        publication::PublicationRow, publication::PublicationTableRow, subscription::SubscriptionRow,
        large_object::LargeObjectRow, event_trigger::EventTriggerRow;
    cluster:
        cluster::RoleRow, cluster::RoleMembershipRow, cluster::TablespaceRow, cluster::DatabaseRow,
        cluster::SettingRow, cluster::ParameterPrivilegesRow;
    /// Last: it needs to know which address belongs to which object.
    dependencies: dependency::DependencyRow;
}
