//! The kinds of rows, and the order in which they are read.

use crate::catalog_rows::builder::Ingest;
use crate::catalog_rows::{
    access_method, aggregate, cast, cluster, collation, column, constraint, conversion, default_privileges, dependency,
    domain, event_trigger, extension, foreign, function, index, language, large_object, member, names, operator,
    operator_class, policy, publication, rule, schema, sequence, shared, statistics, subscription, table, text_search,
    transform, trigger, types, view,
};

/// Receives each kind of row, to run its query.
pub trait Visitor {
    type Error;
    fn visit<R: Ingest>(&mut self) -> Result<(), Self::Error>;
}

macro_rules! reading_order {
    ($($(#[$meta:meta])* $group:ident: $($row:ty),* ;)*) => {
        /// Visits the row types in the order that the builder requires: look-ups refer to earlier rows.
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
    /// Kinds in schemas, except relations.
    pub in_schemas: bool,
    /// Relations and their parts.
    pub relations: bool,
    /// Kinds outside of schemas.
    pub global: bool,
    /// Roles, tablespaces, databases, settings.
    pub cluster: bool,
    /// Dependencies, which order objects. A single object needs none.
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
    /// Last, because they refer to the addresses of all objects.
    dependencies: dependency::DependencyRow;
}
