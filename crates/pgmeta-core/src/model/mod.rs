//! The model: plain, sorted, comparable data that is also the JSON document. One file per object kind. Knows neither the catalog (no
//! OIDs) nor SQL output.

// Each description is also in the published JSON Schema.
#![warn(missing_docs)]

#[macro_use]
mod macros;

mod access_method;
mod aggregate;
mod cast;
mod casting;
mod cluster;
mod collation;
mod column;
mod constraint;
mod conversion;
mod default_privileges;
mod document;
mod domain;
mod event_trigger;
mod extension;
pub mod fields;
mod filter;
mod foreign;
mod function;
mod index;
mod json;
mod key;
mod language;
mod large_object;
mod member;
mod model_index;
mod needs;
mod object;
mod operator;
mod operator_class;
mod own;
mod policy;
mod privileges;
mod publication;
mod reading;
mod rule;
mod schema;
mod secrets;
mod select;
mod sequence;
pub(crate) mod sorting;
mod statistics;
mod structure;
mod subscription;
mod table;
mod text_search;
mod transform;
mod trigger;
mod types;
mod view;
mod writing;

pub use access_method::*;
pub use aggregate::*;
pub use cast::*;
pub use cluster::*;
pub use collation::*;
pub use column::*;
pub use constraint::*;
pub use conversion::*;
pub use default_privileges::*;
pub use document::*;
pub use domain::*;
pub use event_trigger::*;
pub use extension::*;
pub use filter::{Excluded, Filter};
pub use foreign::*;
pub use function::*;
pub use index::*;
pub use json::*;
pub use key::*;
pub use language::*;
pub use large_object::*;
pub use member::*;
pub use model_index::ModelIndex;
pub use needs::{each_need, each_need_of_main, each_need_of_whole};
pub use object::*;
pub use operator::*;
pub use operator_class::*;
pub use own::{EXTENSION, Own};
pub use policy::*;
pub use privileges::*;
pub use publication::*;
pub use rule::*;
pub use schema::*;
pub use secrets::MASK;
pub use select::{has_type, type_words};
pub use sequence::*;
pub use statistics::*;
pub use structure::{ObjectPart, Part, Section, Structure};
pub use subscription::*;
pub use table::*;
pub use text_search::*;
pub use transform::*;
pub use trigger::*;
pub use types::*;
pub use view::*;

pub(crate) use document::for_each_kind;
pub(crate) use writing::{is_default, is_empty};
