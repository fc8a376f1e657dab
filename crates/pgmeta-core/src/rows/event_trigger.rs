//! Rows of event triggers.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct EventTriggerRow = "event_triggers" { oid: u32 } }

impl AddTo for EventTriggerRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
