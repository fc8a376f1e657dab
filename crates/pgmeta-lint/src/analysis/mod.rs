//! Questions that several rules ask of a model. Finds no fault.

mod bounds;
mod calls;
mod column_type;
mod covering_index;
mod expression;
mod foreign_key_graph;
mod index_view;
mod keys;
mod named;
mod partitions;
mod policies;
mod privileges;
mod replacing_index;
mod typed;
mod words;

pub(crate) use bounds::{Bound, Gap, gaps, is_unbounded};
pub(crate) use calls::{Call, calls_outside_of_selects};
pub(crate) use column_type::ColumnType;
pub(crate) use covering_index::{is_covered, is_covered_without};
pub(crate) use expression::{column_names, constants, demanded_columns, is_not_null_of, not_null_columns};
pub(crate) use foreign_key_graph::cycles;
pub(crate) use index_view::{IndexObject, IndexView, Key, index_views};
pub(crate) use keys::{is_generated, pairs, primary_key};
pub(crate) use named::{Named, all_named};
pub(crate) use partitions::{Partitions, bounds_of};
pub(crate) use policies::policies_by_table;
pub(crate) use privileges::{grants, is_public, others, others_with, reached};
pub(crate) use replacing_index::{Likeness, replaceable_of_all};
pub(crate) use typed::{all_typed, own_columns};
pub(crate) use words::singulars;
