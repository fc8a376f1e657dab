//! The results of the catalog queries, one file for each object kind, and the model that is built from them. OIDs end here: the model
//! contains names. Runs no query.

#[macro_use]
mod row;

mod access_method;
mod aggregate;
mod builder;
mod cast;
pub mod class;
mod cluster;
mod collation;
mod column;
mod constraint;
mod conversion;
pub mod coverage;
mod default_privileges;
mod dependency;
mod domain;
mod event_trigger;
mod extension;
mod foreign;
mod function;
mod index;
mod language;
mod large_object;
mod member;
mod names;
mod operator;
mod operator_class;
mod order;
mod policy;
mod publication;
mod row_buffer;
mod rule;
mod schema;
mod sequence;
mod shared;
mod statistics;
mod subscription;
mod table;
mod text_search;
mod transform;
mod trigger;
mod type_names;
mod types;
mod view;

pub use builder::{Address, Addresses, Builder, Ingest, Members, Names, Reading, Relation};
use order::reading_order;
pub use order::{Visitor, Wanted};
pub use row::FromRow;
pub use row_buffer::RowBuffer;
pub use type_names::{ColumnNames, Server, SpelledTypes, Speller, TypeName, column_number};

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
