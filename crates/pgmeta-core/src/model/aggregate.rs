//! Aggregates. Their functions are as SQL without arguments, which follow from those of the aggregate.

use crate::ident::Name;
use crate::model::{Argument, ObjectKey, ObjectKind, Parallel, QualifiedName, Structure, input_types};

choice! {
    pub enum AggregateKind { Normal b'n' "normal", OrderedSet b'o' "ordered-set", Hypothetical b'h' "hypothetical-set" }
}

choice! {
    pub enum FinalFunctionModify { ReadOnly b'r' "READ_ONLY", Shareable b's' "SHAREABLE", ReadWrite b'w' "READ_WRITE" }
}

part! {
    /// How values are accumulated and turned into the result.
    pub struct Accumulation {
        transition_function: Name,
        /// As `format_type` prints it.
        state_type: Name;
        /// In bytes, where the planner shall not guess.
        state_space: Option<i32>,
        initial_condition: Option<String>,
        final_function: Option<Name>,
        final_function_extra: bool,
        /// Where it is not READ_ONLY for a normal aggregate and READ_WRITE for others.
        final_function_modify: Option<FinalFunctionModify>,
        /// Of the moving-aggregate mode.
        inverse_function: Option<Name>,
    }
}

object! {
    pub struct Aggregate {
        schema: Name,
        name: Name,
        /// Direct ones first; none means `(*)`.
        arguments: Vec<Argument>,
        accumulation: Accumulation;
        kind: AggregateKind,
        /// How many of the arguments stand before ORDER BY.
        direct_arguments: i16,
        /// The moving-aggregate mode.
        moving: Option<Accumulation>,
        combine_function: Option<Name>,
        serialization_function: Option<Name>,
        deserialization_function: Option<Name>,
        sort_operator: Option<QualifiedName>,
        parallel: Parallel,
    }
}

impl Aggregate {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::with_args(ObjectKind::Aggregate, &self.schema, &self.name, input_types(&self.arguments))
    }
}

impl Structure for Aggregate {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
