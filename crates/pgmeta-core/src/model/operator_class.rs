//! Operator families and classes. A member is listed with its class, or with the family if no class has it.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, QualifiedName, Structure};

part! {
    /// An operator of an operator class or family.
    pub struct OperatorMember {
        /// The strategy number.
        strategy: i16,
        /// The operator with its operands, as SQL.
        operator: Name;
        /// The family of FOR ORDER BY. Absent: FOR SEARCH.
        order_by: Option<QualifiedName>,
    }
}

part! {
    /// A support function of an operator class or family.
    pub struct FunctionMember {
        /// The number of the support function.
        support: i16,
        /// The left operand type.
        left: Name,
        /// The right operand type.
        right: Name,
        /// The function with its arguments, as SQL.
        function: Name;
    }
}

object! {
    /// An operator family, with the members outside of its classes.
    pub struct OperatorFamily {
        /// The index access method.
        method: Name,
        /// The schema of the family.
        schema: Name,
        /// The name of the family.
        name: Name;
        /// The operators outside of the family's classes.
        operators: Vec<OperatorMember>,
        /// The support functions outside of the family's classes.
        functions: Vec<FunctionMember>,
    }
}

object! {
    /// An operator class (CREATE OPERATOR CLASS ).
    pub struct OperatorClass {
        /// The index access method.
        method: Name,
        /// The schema of the class.
        schema: Name,
        /// The name of the class.
        name: Name,
        /// The indexed type, as `format_type` prints it.
        data_type: Name,
        /// The operator family.
        family: QualifiedName;
        /// Whether it is the default class of its type.
        default: bool,
        /// The type in the index. Absent: the indexed type.
        storage: Option<Name>,
        /// The operators of the class.
        operators: Vec<OperatorMember>,
        /// The support functions of the class.
        functions: Vec<FunctionMember>,
    }
}

impl OperatorFamily {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        key(ObjectKind::OperatorFamily, &self.method, &self.schema, &self.name)
    }
}

impl OperatorClass {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        key(ObjectKind::OperatorClass, &self.method, &self.schema, &self.name)
    }

    /// Returns the address of its family.
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
