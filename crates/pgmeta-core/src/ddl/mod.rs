//! From the model to SQL: one file per object kind says how it is printed, `order` when.
//! Knows no catalog: everything printed is in the model.

pub(crate) mod arguments;
mod check;
mod context;
mod cycles;
mod entry;
mod files;
mod graph;
mod inheritance;
mod options;
mod order;
mod printable;
pub(crate) mod privileges;
mod render;
mod script;
pub(crate) mod settings;
pub(crate) mod shared;
mod step;
mod tar;

mod access_method;
mod aggregate;
mod cast;
pub mod cluster;
mod collation;
pub(crate) mod column;
mod constraint;
mod conversion;
pub(crate) mod default_privileges;
pub(crate) mod domain;
mod event_trigger;
mod extension;
pub(crate) mod foreign;
pub(crate) mod function;
pub(crate) mod index;
mod language;
mod large_object;
mod member;
mod operator;
mod operator_class;
mod policy;
pub(crate) mod publication;
mod rule;
mod schema;
pub(crate) mod sequence;
mod statistics;
mod subscription;
pub(crate) mod table;
mod text_search;
mod transform;
pub(crate) mod trigger;
mod types;
pub(crate) mod view;

pub use context::Context;
pub use entry::{Entry, Item};
pub use files::{File, INSTALL, files, paths};
pub use options::{Options, Secrets};
pub use order::{plan, plan_with};
pub use printable::Printable;
pub use render::{Render, Script};
pub use script::{PREAMBLE, export, items, part_of};
pub use step::{Plan, Step};
pub use tar::archive;

pub use crate::model::{Part, Section};
