//! Subscriptions. Whether one is enabled is not part of a schema: enabling it connects to the publisher.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure, secrets};

choice! {
    /// How transactions in progress are streamed.
    pub enum Streaming {
        /// They are sent when they commit.
        Off b'f' "off",
        /// They are sent as they go, and applied when they commit.
        On b't' "on",
        /// They are applied as they go, by parallel workers.
        Parallel b'p' "parallel",
    }
}

object! {
    /// A subscription, as CREATE SUBSCRIPTION makes it.
    pub struct Subscription {
        /// The name of the subscription.
        name: Name;
        /// The publications to which it subscribes.
        publications: Vec<Name>,
        /// The connection string of the publisher.
        connection: Option<String>,
        /// Whether the reader of the catalog had no right to see the connection string.
        connection_hidden: bool,
        /// The replication slot on the publisher. Absent: none.
        slot_name: Option<Name>,
        /// Whether rows are sent in binary format.
        binary: bool,
        /// How transactions in progress are streamed. The default is off.
        streaming: Streaming,
        /// Whether prepared transactions are sent when they are prepared.
        two_phase: bool,
        /// Whether an error disables the subscription.
        disable_on_error: bool,
        /// The setting `synchronous_commit` of its workers. Absent: off.
        synchronous_commit: Option<Name>,
        /// Whether `password_required` is false. The default is true.
        no_password_required: bool,
        /// Whether changes are applied as the owner of the subscription, not of the tables.
        run_as_owner: bool,
        /// Whether changes that the publisher replicated from elsewhere are sent. Absent: any.
        origin: Option<Name>,
        /// Whether its replication slot is synchronized to standbys.
        failover: bool,
    }
}

impl Subscription {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Subscription, &self.name)
    }

    /// Covers what must not be shown.
    pub fn mask_secrets(&mut self) {
        if let Some(connection) = &mut self.connection {
            *connection = secrets::mask_connection(connection);
        }
    }
}

impl Structure for Subscription {
    fn section(&self) -> Section {
        Section::PostData
    }
}
