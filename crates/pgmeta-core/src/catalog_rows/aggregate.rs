//! Rows of aggregates.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::catalog_rows::function::arguments;
use crate::catalog_rows::types::qualified_name;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{Accumulation, Aggregate, AggregateKind, FinalFunctionModify, Parallel};

row! {
    pub struct AggregateRow = "aggregates" of PROC {
        oid: u32, schema: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>>, kind: u8,
        argument_types: Vec<Name>, argument_modes: Option<Vec<u8>>, argument_names: Option<Vec<Name>>,
        direct_arguments: i16,
        transition_function: Name, state_type: Name, state_space: i32, initial_condition: Option<String>,
        final_function: Option<Name>, final_function_extra: bool, final_function_modify: u8,
        combine_function: Option<Name>, serialization_function: Option<Name>, deserialization_function: Option<Name>,
        moving_transition_function: Option<Name>, moving_inverse_function: Option<Name>,
        moving_state_type: Name, moving_state_space: i32, moving_initial_condition: Option<String>,
        moving_final_function: Option<Name>, moving_final_function_extra: bool, moving_final_function_modify: u8,
        sort_operator_schema: Option<u32>, sort_operator: Option<Name>, parallel: u8,
    }
}

impl Ingest for AggregateRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::PROC, self.oid) {
            return Ok(());
        }
        let kind = AggregateKind::from_code(self.kind)?;
        let usual =
            if kind == AggregateKind::Normal { FinalFunctionModify::ReadOnly } else { FinalFunctionModify::ReadWrite };
        let modify = |code| {
            let modify = FinalFunctionModify::from_code(code)?;
            Ok::<_, RowError>((modify != usual).then_some(modify))
        };
        let space = |bytes| (bytes != 0).then_some(bytes);
        let accumulation = Accumulation {
            transition_function: self.transition_function,
            state_type: self.state_type,
            state_space: space(self.state_space),
            initial_condition: self.initial_condition,
            final_function: self.final_function,
            final_function_extra: self.final_function_extra,
            final_function_modify: modify(self.final_function_modify)?,
            inverse_function: None,
        };
        let moving = match self.moving_transition_function {
            Some(transition_function) => Some(Accumulation {
                transition_function,
                state_type: self.moving_state_type,
                state_space: space(self.moving_state_space),
                initial_condition: self.moving_initial_condition,
                final_function: self.moving_final_function,
                final_function_extra: self.moving_final_function_extra,
                final_function_modify: modify(self.moving_final_function_modify)?,
                inverse_function: self.moving_inverse_function,
            }),
            None => None,
        };
        let mut aggregate = Aggregate {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            arguments: arguments(self.argument_types, self.argument_modes, self.argument_names, None)?,
            accumulation,
            kind,
            direct_arguments: self.direct_arguments,
            moving,
            combine_function: self.combine_function,
            serialization_function: self.serialization_function,
            deserialization_function: self.deserialization_function,
            sort_operator: qualified_name(builder, self.sort_operator_schema, self.sort_operator)?,
            parallel: Parallel::from_code(self.parallel)?,
            ..Aggregate::default()
        };
        builder.describe(&mut aggregate, Address::of(class::PROC, self.oid), Some(self.owner), self.acl)?;
        builder.model.aggregates.push(aggregate);
        Ok(())
    }
}
