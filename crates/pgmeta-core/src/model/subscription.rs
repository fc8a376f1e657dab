//! Subscriptions. Whether one is enabled is not part of a schema: enabling it connects to the publisher.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure, secrets};

choice! {
    pub enum Streaming { Off b'f' "off", On b't' "on", Parallel b'p' "parallel" }
}

object! {
    pub struct Subscription {
        name: Name;
        publications: Vec<Name>,
        /// The connection string.
        connection: Option<String>,
        /// Whoever read the model was not allowed to see the connection string.
        connection_hidden: bool,
        /// Absent: none.
        slot_name: Option<Name>,
        binary: bool,
        streaming: Streaming,
        two_phase: bool,
        disable_on_error: bool,
        /// Absent: off.
        synchronous_commit: Option<Name>,
        /// `password_required = false`.
        no_password_required: bool,
        run_as_owner: bool,
        /// Absent: any.
        origin: Option<Name>,
        failover: bool,
    }
}

impl Subscription {
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
