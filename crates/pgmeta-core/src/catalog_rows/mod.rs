//! The results of the catalog queries, one file for each object kind, and the model that is built from them. OIDs end here: the model
//! contains names. Runs no query.

#[macro_use]
mod row;

mod access_method;
mod aggregate;
mod builder;
mod cast;
mod cluster;
mod collation;
mod column;
mod constraint;
mod conversion;
pub mod coverage;
mod default_privileges;
mod dependency;
mod domain;
mod event_trigger;
mod extension;
mod foreign;
mod function;
mod index;
mod language;
mod large_object;
mod member;
mod names;
mod operator;
mod operator_class;
mod order;
mod policy;
mod publication;
mod row_buffer;
mod rule;
mod schema;
mod sequence;
mod shared;
mod statistics;
mod subscription;
mod table;
mod text_search;
mod transform;
mod trigger;
mod type_names;
mod types;
mod view;

pub use builder::{Address, Addresses, Builder, Ingest, Members, Names, Reading, Relation, class};
pub use order::{Visitor, Wanted, visit_all};
pub use row::FromRow;
pub use row_buffer::RowBuffer;
pub use type_names::{ColumnNames, Server, SpelledTypes, Speller, TypeName, column_number};
