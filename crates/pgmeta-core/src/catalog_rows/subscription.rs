//! Rows of subscriptions.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{Streaming, Subscription};

row! {
    pub struct SubscriptionRow = "subscriptions" of SUBSCRIPTION {
        oid: u32, name: Name, owner: u32, publications: Vec<Name>, connection: Option<String>,
        slot_name: Option<Name>, binary: bool, streaming: u8, two_phase: bool, disable_on_error: bool,
        synchronous_commit: Name, password_required: bool, run_as_owner: bool, origin: Name, failover: bool,
    }
}

impl Ingest for SubscriptionRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::SUBSCRIPTION, self.oid) {
            return Ok(());
        }
        let mut subscription = Subscription {
            name: self.name,
            publications: self.publications,
            connection_hidden: self.connection.is_none(),
            connection: self.connection,
            slot_name: self.slot_name,
            binary: self.binary,
            streaming: Streaming::from_code(self.streaming)?,
            two_phase: self.two_phase,
            disable_on_error: self.disable_on_error,
            synchronous_commit: (&*self.synchronous_commit != "off").then_some(self.synchronous_commit),
            no_password_required: !self.password_required,
            run_as_owner: self.run_as_owner,
            origin: (&*self.origin != "any").then_some(self.origin),
            failover: self.failover,
            ..Subscription::default()
        };
        builder.describe(&mut subscription, Address::of(class::SUBSCRIPTION, self.oid), Some(self.owner), None)?;
        builder.model.subscriptions.push(subscription);
        Ok(())
    }
}
