//! Reads the model of an SQL script: runs it in a database that is created for it and dropped after it. The script has only the rights of
//! the calling role.

mod caller;
mod guard;
mod loader;

pub use caller::model_of;
