//! Reading the catalog into the model. The queries are in `queries/`, one per object kind.

mod assembly;
mod calls;
mod choices;
mod coverage;
mod guarded;
mod help;
mod home;
mod isolate;
mod lookup;
mod marked;
mod partition;
mod queries;
mod reader;
mod sizes;
mod versions;
mod watch;

pub use coverage::coverage;
pub use help::{Function, functions};
pub use home::{extension_schema, qualify};
pub use isolate::Failure;
pub use lookup::{Found, by_address, by_name, by_oid, found, not_printed};
pub use partition::{Membership, inherited_defaults, numbers_in_parent, publications_of, role_names};
pub use reader::{Outcome, Scope, read, read_around};
pub use sizes::add_sizes;
pub use watch::Watch;
