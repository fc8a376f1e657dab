//! Domains with their constraints.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, ObjectPart, Part, QualifiedName, Structure};

part! {
    pub struct DomainCheck {
        name: Name,
        /// The condition, as SQL.
        expression: String;
        not_valid: bool,
        comment: Option<String>,
        depends_on: Vec<ObjectKey>,
    }
}

part! {
    /// A domain's not-null constraint; it has a name of its own from PostgreSQL 17 on.
    pub struct DomainNotNull {
        ;
        /// Absent where it is the name PostgreSQL would choose.
        name: Option<Name>,
        comment: Option<String>,
    }
}

object! {
    pub struct Domain {
        schema: Name,
        name: Name,
        /// As `format_type` prints it.
        base_type: Name;
        /// Where it is not the base type's own.
        collation: Option<QualifiedName>,
        /// As SQL.
        default: Option<String>,
        not_null: Option<DomainNotNull>,
        /// By name.
        checks: Vec<DomainCheck>,
    }
}

impl Domain {
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
        // What is not validated must not be, so it comes after the data.
        let late = self.checks.iter().enumerate().filter(|(_, check)| check.not_valid);
        late.map(|(at, check)| ObjectPart::after_data(Part::Check(at), check.depends_on.clone())).collect()
    }
}
