//! What a text of SQL makes: it is run in a scratch database, which is read and dropped again. Three processes, for a
//! database is neither made nor entered by a function's own session: the caller, which waits; the supervisor, a
//! background worker in the same database, which makes and drops the scratch database whatever becomes of the others;
//! the loader, a background worker in the scratch database. Both workers log in as the calling role, so that nothing
//! in the text gets further than that role gets.

mod caller;
mod channel;
mod guard;
mod loader;
mod supervisor;

pub use caller::model_of;
