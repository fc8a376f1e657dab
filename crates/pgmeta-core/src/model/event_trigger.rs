//! Event triggers.

use crate::ident::Name;
use crate::model::{Firing, ObjectKey, ObjectKind, Section, Structure, TriggerFunction};

object! {
    /// An event trigger (CREATE EVENT TRIGGER ).
    pub struct EventTrigger {
        /// The name of the event trigger.
        name: Name,
        /// The event on which it fires, such as `ddl_command_end`.
        event: Name,
        /// The function that it calls.
        function: TriggerFunction;
        /// The command tags for which it fires. An empty list means all.
        tags: Vec<String>,
        /// The values of `session_replication_role` with which it fires. The default is origin.
        firing: Firing,
    }
}

impl EventTrigger {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::EventTrigger, &self.name)
    }
}

impl Structure for EventTrigger {
    fn requires(&self) -> Vec<ObjectKey> {
        vec![self.function.key()]
    }

    fn section(&self) -> Section {
        Section::PostData
    }
}
