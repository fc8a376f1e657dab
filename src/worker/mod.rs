//! Background workers: start and login, transactions and scripts, and the transfer of errors. Does not know what they do.

pub mod admission;
pub mod process;
pub mod remote_error;
pub mod session;
