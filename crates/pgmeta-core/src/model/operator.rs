//! Operators. Those that are only named by another one's commutator or negator are not objects.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, QualifiedName, Structure, type_address};

object! {
    pub struct Operator {
        schema: Name,
        name: Name,
        right: Name,
        /// Without arguments, which are the operands; as SQL.
        function: Name;
        /// Absent for a prefix operator.
        left: Option<Name>,
        /// Operators; their operands follow.
        commutator: Option<QualifiedName>,
        negator: Option<QualifiedName>,
        /// The selectivity estimators, as SQL.
        restrict: Option<Name>,
        join: Option<Name>,
        hashes: bool,
        merges: bool,
    }
}

impl Operator {
    pub fn object_key(&self) -> ObjectKey {
        let left = self.left.as_ref().map_or_else(|| Name::from("NONE"), type_address);
        ObjectKey::with_args(ObjectKind::Operator, &self.schema, &self.name, vec![left, type_address(&self.right)])
    }
}

impl Structure for Operator {
    fn requires(&self) -> Vec<ObjectKey> {
        // The commutator and the negator need not exist, but are made where they do not.
        let others = self.commutator.iter().chain(&self.negator).map(|operator| &operator.schema);
        let schemas = others.chain([&self.schema]);
        schemas.map(|schema| ObjectKey::global(ObjectKind::Schema, schema)).collect()
    }
}
