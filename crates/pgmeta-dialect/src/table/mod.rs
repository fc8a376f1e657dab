//! Tables in another dialect: which come along, their names and types, their keys, and the statements that create them.

mod cascade;
mod check;
mod column;
mod comment;
mod create;
mod expressions;
mod foreign_key;
mod index;
mod keys;
mod numbering;
mod order;
mod plan;
mod unique;

use pgmeta_core::model::{Model, ModelIndex};

use crate::loss::Losses;
use crate::options::Options;
use crate::target::Target;

pub(crate) use create::create_all;
pub(crate) use numbering::numbering_sequence;
pub(crate) use plan::{Namespaces, TablePlan, plan_all, prefixed_names, relation_name};

/// What all steps read.
#[derive(Clone, Copy)]
pub(crate) struct World<'a, 'm> {
    pub model: &'m Model,
    pub index: &'a ModelIndex<'m>,
    pub target: &'a dyn Target,
    pub options: &'a Options,
}

/// The losses of a table, and the comments before its statement.
pub(crate) struct Notes<'a> {
    pub losses: &'a mut Losses,
    pub comments: Vec<String>,
}
