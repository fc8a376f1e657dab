//! Subscriptions. Whether one is enabled is not part of a schema: to enable it connects to the publisher.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure, secrets};

choice! {
    /// How transactions are sent before they commit.
    pub enum Streaming {
        /// They are sent at commit.
        Off b'f' "off",
        /// They are sent in progress, and applied at commit.
        On b't' "on",
        /// They are sent in progress, and applied in progress by parallel workers.
        Parallel b'p' "parallel",
    }
}

object! {
    /// A subscription (CREATE SUBSCRIPTION ).
    pub struct Subscription {
        /// The name of the subscription.
        name: Name;
        /// The publications to which it subscribes.
        publications: Vec<Name>,
        /// The connection string of the publisher.
        connection: Option<String>,
        /// Whether the reader of the catalog could not see the connection string.
        connection_hidden: bool,
        /// The replication slot on the publisher. Absent: none.
        slot_name: Option<Name>,
        /// Whether rows are sent in binary format.
        binary: bool,
        /// How transactions are sent before they commit. The default is off.
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

    /// Masks secrets.
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
