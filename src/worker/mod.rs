//! Background workers: how one is started and logs in, its transactions and scripts, and how errors leave it.
//! Knows nothing of what they do.

pub mod admission;
pub mod process;
pub mod relay;
pub mod session;
