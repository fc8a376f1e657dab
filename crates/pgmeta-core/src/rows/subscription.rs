//! Rows of subscriptions.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct SubscriptionRow = "subscriptions" { oid: u32 } }

impl AddTo for SubscriptionRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
