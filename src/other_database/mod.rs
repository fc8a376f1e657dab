//! Work in another database of the server. A function can neither create a database nor connect to one, so three processes take part:
//! the caller, which waits; the supervisor, a background worker in the same database, which creates and drops the other database even
//! if the others die; the worker in the other database. Both workers log in as the calling role, so that the work is done with the
//! rights of that role only. Does not know what the worker does.

mod caller;
mod channel;
mod supervisor;

pub use caller::{Run, may_call};
pub use channel::{Channel, Kind, Place, Task};
pub use supervisor::{create_statement, is_temporary};
