//! The extension's own version.

use pgrx::prelude::*;

use crate::encoding::Text;

#[pg_extern(immutable, parallel_safe)]
fn pgmeta_version() -> Text {
    env!("CARGO_PKG_VERSION").into()
}
