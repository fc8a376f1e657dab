//! The registry of definitions: entries with versions, rights of roles, deployments and events. Its tables are those of
//! `sql/registry.sql`. Only this module reads and writes them, as the extension's owner, after it has checked the caller's rights.

mod canonical;
mod comment;
mod database;
mod deploy;
mod deployed;
mod edit;
mod entry;
mod error;
mod event;
mod failure;
mod findings;
mod impact;
mod list;
mod right;
mod share;
mod statements;
mod status;
mod store;
mod target;
mod template;
mod version;
mod work;
mod worker;

pub use comment::{add as comment, reply, resolve};
pub use deploy::{DeployOptions, deploy, undeploy};
pub use edit::{NewDefinition, copy, create, delete, purge, rename, restore, update};
pub use entry::{Entry, find};
pub use findings::findings;
pub use impact::{Effect, effects};
pub use list::{Filter, Listed, list};
pub use right::Right;
pub use share::share;
pub use statements::{Done, Statements};
pub use status::status;
pub use target::Target;
pub use template::{NamedTemplate, apply_template, create_template, template, templates};
pub use version::{Valid, document, model_of, statements};
pub use work::deployment_options;
