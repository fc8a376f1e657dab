//! Operator families and classes. Members are listed where they belong: with the class, or loose with the family.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, QualifiedName, Structure};

part! {
    pub struct OperatorMember {
        strategy: i16,
        /// With its operands, as SQL.
        operator: Name;
        /// The family of FOR ORDER BY; absent means FOR SEARCH.
        order_by: Option<QualifiedName>,
    }
}

part! {
    pub struct FunctionMember {
        support: i16,
        /// The operands that it is for.
        left: Name,
        right: Name,
        /// With its arguments, as SQL.
        function: Name;
    }
}

object! {
    pub struct OperatorFamily {
        method: Name,
        schema: Name,
        name: Name;
        operators: Vec<OperatorMember>,
        functions: Vec<FunctionMember>,
    }
}

object! {
    pub struct OperatorClass {
        method: Name,
        schema: Name,
        name: Name,
        data_type: Name,
        family: QualifiedName;
        /// The default one of its type.
        default: bool,
        /// The type that the index stores, where it is another.
        storage: Option<Name>,
        operators: Vec<OperatorMember>,
        functions: Vec<FunctionMember>,
    }
}

impl OperatorFamily {
    pub fn object_key(&self) -> ObjectKey {
        key(ObjectKind::OperatorFamily, &self.method, &self.schema, &self.name)
    }
}

impl OperatorClass {
    pub fn object_key(&self) -> ObjectKey {
        key(ObjectKind::OperatorClass, &self.method, &self.schema, &self.name)
    }

    pub fn family_key(&self) -> ObjectKey {
        key(ObjectKind::OperatorFamily, &self.method, &self.family.schema, &self.family.name)
    }
}

fn key(kind: ObjectKind, method: &Name, schema: &Name, name: &Name) -> ObjectKey {
    ObjectKey { kind, names: Arc::new([method.clone(), schema.clone(), name.clone()]), args: Arc::default() }
}

fn home(schema: &Name, method: &Name) -> Vec<ObjectKey> {
    vec![ObjectKey::global(ObjectKind::Schema, schema), ObjectKey::global(ObjectKind::AccessMethod, method)]
}

impl Structure for OperatorFamily {
    fn requires(&self) -> Vec<ObjectKey> {
        home(&self.schema, &self.method)
    }
}

impl Structure for OperatorClass {
    fn requires(&self) -> Vec<ObjectKey> {
        let mut keys = home(&self.schema, &self.method);
        keys.push(self.family_key());
        keys
    }
}
