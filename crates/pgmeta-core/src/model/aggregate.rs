//! Aggregates. Their functions are given as SQL without arguments, which the aggregate's arguments determine.

use crate::ident::Name;
use crate::model::{Argument, ObjectKey, ObjectKind, Parallel, QualifiedName, Structure, input_types};

choice! {
    /// The form of an aggregate's arguments.
    pub enum AggregateKind {
        /// An aggregate with plain arguments.
        Normal b'n' "normal",
        /// An ordered-set aggregate, with WITHIN GROUP.
        OrderedSet b'o' "ordered-set",
        /// A hypothetical-set aggregate, with WITHIN GROUP.
        Hypothetical b'h' "hypothetical-set",
    }
}

choice! {
    /// Whether a final function modifies the transition state.
    pub enum FinalFunctionModify {
        /// It does not modify the state.
        ReadOnly b'r' "READ_ONLY",
        /// It modifies the state, but may be called again.
        Shareable b's' "SHAREABLE",
        /// It modifies the state.
        ReadWrite b'w' "READ_WRITE",
    }
}

part! {
    /// The transition from values to the result.
    pub struct Accumulation {
        /// The state transition function (SFUNC), as SQL.
        transition_function: Name,
        /// The type of the transition state, as `format_type` prints it.
        state_type: Name;
        /// The average size of the state in bytes, for the planner. Absent: the planner estimates it.
        state_space: Option<i32>,
        /// The initial state as text. Absent: NULL.
        initial_condition: Option<String>,
        /// The function that computes the result from the state, as SQL. Absent: the state is the result.
        final_function: Option<Name>,
        /// Whether the final function gets arguments beyond the state.
        final_function_extra: bool,
        /// Whether the final function modifies the state. Absent: READ_ONLY for a normal aggregate, READ_WRITE for
        /// others.
        final_function_modify: Option<FinalFunctionModify>,
        /// The inverse transition function of the moving-aggregate mode, as SQL.
        inverse_function: Option<Name>,
    }
}

object! {
    /// An aggregate function (CREATE AGGREGATE ).
    pub struct Aggregate {
        /// The schema of the aggregate.
        schema: Name,
        /// The name of the aggregate.
        name: Name,
        /// The arguments, direct ones first. An empty list means `(*)`.
        arguments: Vec<Argument>,
        /// The transition from values to the result.
        accumulation: Accumulation;
        /// Whether it is a normal, an ordered-set or a hypothetical-set aggregate.
        kind: AggregateKind,
        /// The number of arguments before ORDER BY.
        direct_arguments: i16,
        /// The transition in the moving-aggregate mode. Absent: the aggregate has no such mode.
        moving: Option<Accumulation>,
        /// The function that combines two states, as SQL.
        combine_function: Option<Name>,
        /// The function that serializes a state, as SQL.
        serialization_function: Option<Name>,
        /// The function that reads a serialized state, as SQL.
        deserialization_function: Option<Name>,
        /// The sort operator of an aggregate that works like MIN or MAX.
        sort_operator: Option<QualifiedName>,
        /// Whether parallel workers may call it.
        parallel: Parallel,
    }
}

impl Aggregate {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::with_args(ObjectKind::Aggregate, &self.schema, &self.name, input_types(&self.arguments))
    }
}

impl Structure for Aggregate {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![ObjectKey::global(ObjectKind::Schema, &self.schema)]
    }
}
