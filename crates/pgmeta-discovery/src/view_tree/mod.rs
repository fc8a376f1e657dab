//! Which columns of views can be null, and which columns of tables they show: read from the parse trees that the server keeps
//! of views (`pg_rewrite.ev_action`, PostgreSQL 14 to 18). A column is said to be never null only where no row can contradict.

mod expression;
mod functions;
mod node;
mod nullness;
mod query;
mod relations;
mod scope;
mod trace;

pub use relations::{Relation, RelationColumn, Relations, relations_in};
pub use trace::{BaseColumn, Traced, ViewColumn, trace};
