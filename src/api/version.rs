//! The version of the library, and whether it is optimized.

use pgrx::prelude::*;

use crate::encoding::Text;

/// The profiles of cargo that do not optimize are those that check for overflow.
const NOTE: &str = if cfg!(debug_assertions) { " (not optimized)" } else { "" };

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_version() -> Text {
    format!("{}{NOTE}", env!("CARGO_PKG_VERSION")).into()
}
