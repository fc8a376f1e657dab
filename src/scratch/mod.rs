//! Reads the model of an SQL script: runs it in a scratch database, reads the database and drops it. A function can neither
//! create a database nor connect to one, so three processes take part: the caller, which waits; the supervisor, a
//! background worker in the same database, which creates and drops the scratch database even if the others die; the loader,
//! a background worker in the scratch database. Both workers log in as the calling role, so that the script has only the
//! rights of that role.

mod caller;
mod channel;
mod guard;
mod loader;
mod supervisor;

pub use caller::model_of;
pub use channel::Channel;
