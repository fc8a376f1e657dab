//! Reading the catalog into the model. The queries are in `queries/`, one per object kind.

mod assembly;
mod calls;
mod choices;
mod coverage;
mod filter;
mod guarded;
mod help;
mod home;
mod isolate;
mod live;
mod lookup;
mod marked;
mod outcome;
mod owners;
mod partition;
mod place;
mod queries;
mod reader;
mod schemas;
mod sizes;
mod versions;
mod watch;

pub use coverage::coverage;
pub use filter::{filter, known_types, matching, restrict};
pub use help::{Function, functions};
pub use home::qualify;
pub use isolate::Failure;
pub use live::{live, schema};
pub use lookup::{Found, by_address, by_name, by_oid, found, not_printed};
pub use outcome::Outcome;
pub use owners::{creator, domain_owner, relation};
pub use partition::{Membership, inherited_defaults, numbers_in_parent, publications_of, role_names};
pub use reader::{Scope, read, read_around};
pub use schemas::{missing_schemas, require_schemas};
pub use sizes::add_sizes;
pub use watch::Watch;
