//! Rows of event triggers.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{EventTrigger, Firing, TriggerFunction};

row! {
    pub struct EventTriggerRow = "event_triggers" of EVENT_TRIGGER {
        oid: u32, name: Name, owner: u32, event: Name, firing: u8, tags: Option<Vec<String>>,
        function_schema: Name, function_name: Name,
    }
}

impl Ingest for EventTriggerRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::EVENT_TRIGGER, self.oid) {
            return Ok(());
        }
        let mut trigger = EventTrigger {
            name: self.name,
            event: self.event,
            function: TriggerFunction { schema: self.function_schema, name: self.function_name },
            tags: self.tags.unwrap_or_default(),
            firing: Firing::from_code(self.firing)?,
            ..EventTrigger::default()
        };
        builder.describe(&mut trigger, Address::of(class::EVENT_TRIGGER, self.oid), Some(self.owner), None)?;
        builder.model.event_triggers.push(trigger);
        Ok(())
    }
}
