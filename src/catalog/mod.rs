//! Reading the catalog into the model. The queries are in `queries/`, one per object kind.

mod assembly;
mod choices;
mod coverage;
mod guarded;
mod isolate;
mod lookup;
mod marked;
mod queries;
mod reader;
mod sizes;
mod stored;
mod versions;
mod watch;

pub use coverage::coverage;
pub use isolate::Failure;
pub use lookup::{Found, by_address, by_name, description, found};
pub use reader::{Outcome, Scope, read, read_around};
pub use sizes::add_sizes;
pub use stored::{extension_schema, saved_snapshot};
pub use watch::Watch;
