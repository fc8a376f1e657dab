//! Operators. An operator that exists only as another one's commutator or negator is not an object.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, QualifiedName, Structure, type_address};

object! {
    /// An operator (CREATE OPERATOR ).
    pub struct Operator {
        /// The schema of the operator.
        schema: Name,
        /// The name of the operator.
        name: Name,
        /// The type of the right operand.
        right: Name,
        /// The function that computes the result, as SQL, without its arguments, which are the operands.
        function: Name;
        /// The type of the left operand. Absent: it is a prefix operator.
        left: Option<Name>,
        /// The operator with exchanged operands.
        commutator: Option<QualifiedName>,
        /// The operator that returns the opposite result.
        negator: Option<QualifiedName>,
        /// The restriction selectivity estimation function, as SQL.
        restrict: Option<Name>,
        /// The join selectivity estimation function, as SQL.
        join: Option<Name>,
        /// Whether it can be used in hash joins.
        hashes: bool,
        /// Whether it can be used in merge joins.
        merges: bool,
    }
}

impl Operator {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        let left = self.left.as_ref().map_or_else(|| Name::from("NONE"), type_address);
        ObjectKey::with_args(ObjectKind::Operator, &self.schema, &self.name, vec![left, type_address(&self.right)])
    }
}

impl Structure for Operator {
    fn requires(&self) -> Vec<ObjectKey> {
        // CREATE OPERATOR creates the commutator and the negator if they do not exist.
        let others = self.commutator.iter().chain(&self.negator).map(|operator| &operator.schema);
        let schemas = others.chain([&self.schema]);
        schemas.map(|schema| ObjectKey::global(ObjectKind::Schema, schema)).collect()
    }
}
