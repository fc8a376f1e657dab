//! The extension's own version.

use pgrx::prelude::*;

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_version() -> &'static str {
    env!("CARGO_PKG_VERSION")
}
