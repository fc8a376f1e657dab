//! Event triggers.

use crate::ident::Name;
use crate::model::{Firing, ObjectKey, ObjectKind, Section, Structure, TriggerFunction};

object! {
    pub struct EventTrigger {
        name: Name,
        event: Name,
        function: TriggerFunction;
        /// The command tags it is for; none means all.
        tags: Vec<String>,
        firing: Firing,
    }
}

impl EventTrigger {
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
