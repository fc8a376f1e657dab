//! The version of the library, and whether it was built with optimization.

use pgrx::prelude::*;

use crate::encoding::Text;

/// Cargo profiles without optimization have overflow checks (and so debug assertions).
const NOTE: &str = if cfg!(debug_assertions) { " (not optimized)" } else { "" };

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_version() -> Text {
    format!("{}{NOTE}", env!("CARGO_PKG_VERSION")).into()
}
