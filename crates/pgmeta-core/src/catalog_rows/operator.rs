//! Rows of operators.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::catalog_rows::types::qualified_name;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::Operator;

row! {
    pub struct OperatorRow = "operators" of OPERATOR {
        oid: u32, schema: u32, name: Name, owner: u32, left_type: Option<Name>, right_type: Name, function: Name,
        commutator_schema: Option<u32>, commutator: Option<Name>, negator_schema: Option<u32>, negator: Option<Name>,
        restrict: Option<Name>, join: Option<Name>, hashes: bool, merges: bool,
    }
}

impl Ingest for OperatorRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::OPERATOR, self.oid) {
            return Ok(());
        }
        let mut operator = Operator {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            left: self.left_type,
            right: self.right_type,
            function: self.function,
            commutator: qualified_name(builder, self.commutator_schema, self.commutator)?,
            negator: qualified_name(builder, self.negator_schema, self.negator)?,
            restrict: self.restrict,
            join: self.join,
            hashes: self.hashes,
            merges: self.merges,
            ..Operator::default()
        };
        builder.describe(&mut operator, Address::of(class::OPERATOR, self.oid), Some(self.owner), None)?;
        builder.model.operators.push(operator);
        Ok(())
    }
}
