//! Questions that several rules ask of a model. Finds no fault.

mod column_type;
mod covering_index;
mod expression;
mod index_view;
mod new_name;
mod partitions;
mod replacing_index;

pub(crate) use column_type::ColumnType;
pub(crate) use covering_index::{covers, is_covered};
pub(crate) use expression::{is_not_null_of, not_null_columns};
pub(crate) use index_view::{IndexView, Key, index_views};
pub(crate) use new_name::NewNames;
pub(crate) use partitions::Partitions;
pub(crate) use replacing_index::{Likeness, likeness};
