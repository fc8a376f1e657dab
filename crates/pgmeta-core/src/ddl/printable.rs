//! Every kind of object can be printed: the one list of kinds that the printer has.

use crate::ddl::render::Render;
use crate::model::ObjectRef;

/// What can be printed.
pub trait Printable<'m> {
    /// Returns how the object is printed.
    fn render(self) -> &'m dyn Render;
}

impl<'m> Printable<'m> for ObjectRef<'m> {
    fn render(self) -> &'m dyn Render {
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
