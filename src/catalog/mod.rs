//! Reads the catalog into the model. The queries are in `queries/`, one for each kind of object.

mod bisect;
mod column_privileges;
mod coverage;
mod effects;
mod extension_schema;
mod filter;
mod help;
mod hints;
mod invalid_text;
mod live;
mod lookup;
mod outcome;
mod owners;
mod partition;
mod pipeline;
mod place;
mod queries;
mod query_options;
mod reader;
mod schemas;
mod script;
mod sizes;
mod statistics;
mod type_names;
mod usage;
mod version_differences;
mod view_relations;

pub use bisect::Failure;
pub use coverage::coverage;
pub use effects::EffectRecorder;
pub use extension_schema::qualify_hint;
pub use filter::{filter, known_types, matching, restrict};
pub use help::{Function, functions};
pub use live::{live, schema};
pub use lookup::{Found, by_address, by_name, by_oid, found, not_printed};
pub use outcome::Outcome;
pub use owners::{creator, domain_owner, relation};
pub use partition::{Membership, inherited_defaults, numbers_in_parent, publications_of, role_names};
pub use reader::{Scope, read, read_around};
pub use schemas::{missing_schemas, require_schemas};
pub use script::{
    binary_casts, default_classes, extension_types, function_volatility, schemas_of_types, script_schemas, server_types,
};
pub use sizes::add_sizes;
pub use statistics::statistics;
pub use type_names::unknown_types;
pub use usage::{content, usage};
pub use view_relations::{view_oids, view_relations};
