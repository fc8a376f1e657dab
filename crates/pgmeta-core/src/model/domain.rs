//! Domains with their constraints.

use crate::ident::Name;
use crate::model::{ExpressionPlace, ObjectKey, ObjectKind, ObjectPart, Part, QualifiedName, Structure};

part! {
    /// A check constraint of a domain.
    pub struct DomainCheck {
        /// The name of the constraint.
        name: Name,
        /// The condition, as SQL.
        expression: String;
        /// Whether values that existed before were not checked (NOT VALID).
        not_valid: bool,
        /// The comment on the constraint.
        comment: Option<String>,
        /// The objects that the condition needs.
        depends_on: Vec<ObjectKey>,
    }
}

part! {
    /// A domain's not-null constraint. Since PostgreSQL 17 it has a name.
    pub struct DomainNotNull {
        ;
        /// The name of the constraint. Absent: the name that PostgreSQL would choose.
        name: Option<Name>,
        /// The comment on the constraint.
        comment: Option<String>,
    }
}

object! {
    /// A domain (CREATE DOMAIN ).
    pub struct Domain {
        /// The schema of the domain.
        schema: Name,
        /// The name of the domain.
        name: Name,
        /// The base type, as `format_type` prints it.
        base_type: Name;
        /// The collation. Absent: that of the base type.
        collation: Option<QualifiedName>,
        /// The default, as SQL. Absent: null.
        default: Option<String>,
        /// The not-null constraint. Absent: the domain may be null.
        not_null: Option<DomainNotNull>,
        /// The check constraints, by name.
        checks: Vec<DomainCheck>,
    }
}

impl Domain {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::in_schema(ObjectKind::Type, &self.schema, &self.name)
    }

    /// Returns the key of one of its checks.
    pub fn check_key(&self, position: usize) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::DomainConstraint, &self.schema, &self.name, &self.checks[position].name)
    }

    /// Returns the name that PostgreSQL gives to a not-null constraint without one.
    pub fn default_not_null_name(&self) -> Name {
        Name::from(format!("{}_not_null", self.name))
    }
}

impl Structure for Domain {
    fn requires(&self) -> Vec<ObjectKey> {
        let schema = ObjectKey::global(ObjectKind::Schema, &self.schema);
        let collation = self.collation.as_ref().map(|name| name.key(ObjectKind::Collation));
        std::iter::once(schema).chain(collation).collect()
    }

    fn parts(&self) -> Vec<ObjectPart> {
        // A check that is not valid comes after the data, so that it stays not valid.
        let separate = self.checks.iter().enumerate().filter(|(_, check)| check.not_valid);
        separate.map(|(at, check)| ObjectPart::after_data(Part::Check(at), check.depends_on.clone())).collect()
    }

    fn each_expression(&self, each: &mut dyn FnMut(ExpressionPlace, &[ObjectKey])) {
        for (position, check) in self.checks.iter().enumerate() {
            each(ExpressionPlace::Check(position), &check.depends_on);
        }
    }
}
