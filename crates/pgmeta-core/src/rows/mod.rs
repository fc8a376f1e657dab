//! What the catalog queries return, one file per object kind, and how the model is built from it.
//! OIDs end here: the model names things. Runs no query itself.

#[macro_use]
mod row;

mod access_method;
mod aggregate;
mod builder;
mod cast;
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
mod packed;
mod policy;
mod publication;
mod rule;
mod schema;
mod sequence;
mod shared;
mod speller;
mod statistics;
mod subscription;
mod table;
mod text_search;
mod transform;
mod trigger;
mod types;
mod view;

pub use builder::{Address, Addresses, Builder, Members, Names, Reading, Relation, class};
pub use packed::Packed;
pub use speller::{ColumnNames, Server, SpelledType, SpelledTypes, Speller, column_number};

use crate::cells::{Cells, RowError};

/// A row that knows the query it comes from (`src/catalog/queries/<QUERY>.sql`).
pub trait FromRow: Sized {
    const QUERY: &'static str;
    /// The query's columns, in order; the reader checks that they are.
    const COLUMNS: &'static [&'static str];
    fn from_row(cells: &mut dyn Cells) -> Result<Self, RowError>;
}

/// A row that adds itself to the model under construction, perhaps on another thread than the one that reads it.
pub trait AddTo: FromRow + Send + 'static {
    /// Shows a row to the speller before the builder gets it.
    fn show(_cells: &mut dyn Cells, _speller: &mut Speller) -> Result<(), RowError> {
        Ok(())
    }

    fn add_to(self, builder: &mut Builder) -> Result<(), RowError>;
}

/// One kind of row, for whoever runs the queries.
pub trait Visitor {
    type Error;
    fn visit<R: AddTo>(&mut self) -> Result<(), Self::Error>;
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
    /// Kinds that have a schema and are not relations.
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
