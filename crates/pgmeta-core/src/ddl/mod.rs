//! From the model to SQL: one file per object kind says how it is printed, `order` when.
//! Knows no catalog: everything printed is in the model.

pub(crate) mod arguments;
mod context;
mod cycles;
mod files;
mod lookups;
mod options;
mod order;
pub(crate) mod privileges;
mod render;
mod script;
pub(crate) mod settings;
pub(crate) mod shared;
mod tar;

mod access_method;
mod aggregate;
mod cast;
pub mod cluster;
mod collation;
pub(crate) mod column;
mod constraint;
mod conversion;
mod default_privileges;
pub(crate) mod domain;
mod event_trigger;
mod extension;
pub(crate) mod foreign;
mod function;
pub(crate) mod index;
mod language;
mod large_object;
mod member;
mod operator;
mod operator_class;
mod policy;
pub(crate) mod publication;
mod rule;
mod schema;
mod sequence;
mod statistics;
mod subscription;
pub(crate) mod table;
mod text_search;
mod transform;
pub(crate) mod trigger;
mod types;
mod view;

pub use context::Context;
pub use files::{File, INSTALL, files, fingerprint, paths};
pub use options::{Options, Secrets, Section};
pub use order::{Plan, Step, plan, plan_with};
pub use render::{Part, Render, Script};
pub use script::{Entry, Item, PREAMBLE, export, items, part_of};
pub use tar::archive;

use crate::model::ObjectRef;

impl<'m> ObjectRef<'m> {
    /// Returns how the object is printed.
    pub fn render(self) -> &'m dyn Render {
        match self {
            ObjectRef::Role(object) => object,
            ObjectRef::RoleMembership(object) => object,
            ObjectRef::Tablespace(object) => object,
            ObjectRef::Database(object) => object,
            ObjectRef::ParameterPrivileges(object) => object,
            ObjectRef::Schema(object) => object,
            ObjectRef::Extension(object) => object,
            ObjectRef::ExtensionMember(object) => object,
            ObjectRef::AccessMethod(object) => object,
            ObjectRef::Language(object) => object,
            ObjectRef::Collation(object) => object,
            ObjectRef::Conversion(object) => object,
            ObjectRef::Type(object) => object,
            ObjectRef::Domain(object) => object,
            ObjectRef::Function(object) => object,
            ObjectRef::Aggregate(object) => object,
            ObjectRef::Operator(object) => object,
            ObjectRef::OperatorFamily(object) => object,
            ObjectRef::OperatorClass(object) => object,
            ObjectRef::Cast(object) => object,
            ObjectRef::Transform(object) => object,
            ObjectRef::TextSearchParser(object) => object,
            ObjectRef::TextSearchTemplate(object) => object,
            ObjectRef::TextSearchDictionary(object) => object,
            ObjectRef::TextSearchConfiguration(object) => object,
            ObjectRef::ForeignDataWrapper(object) => object,
            ObjectRef::Server(object) => object,
            ObjectRef::UserMapping(object) => object,
            ObjectRef::Sequence(object) => object,
            ObjectRef::Table(object) => object,
            ObjectRef::View(object) => object,
            ObjectRef::MaterializedView(object) => object,
            ObjectRef::Constraint(object) => object,
            ObjectRef::Index(object) => object,
            ObjectRef::StatisticsObject(object) => object,
            ObjectRef::Trigger(object) => object,
            ObjectRef::Rule(object) => object,
            ObjectRef::Policy(object) => object,
            ObjectRef::Publication(object) => object,
            ObjectRef::Subscription(object) => object,
            ObjectRef::LargeObject(object) => object,
            ObjectRef::DefaultPrivileges(object) => object,
            ObjectRef::EventTrigger(object) => object,
        }
    }
}
