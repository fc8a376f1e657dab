//! Rules. A view's query is not one: the view has it.

use crate::ident::Name;
use crate::model::{Firing, ObjectKey, ObjectKind, RelationKind, Section, Structure};

object! {
    pub struct Rule {
        schema: Name,
        table: Name,
        name: Name;
        on: RelationKind,
        /// The whole `CREATE RULE`, as the server prints it, without a final semicolon. Absent for the rule that is
        /// a view's query, which is listed only where it has a comment.
        definition: Option<String>,
        firing: Firing,
        /// The extension whose member the table is.
        on_member_of: Option<Name>,
    }
}

impl Rule {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::Rule, &self.schema, &self.table, &self.name)
    }
}

impl Structure for Rule {
    fn parent(&self) -> Option<ObjectKey> {
        Some(self.on.key(&self.schema, &self.table))
    }

    fn requires(&self) -> Vec<ObjectKey> {
        self.parent().into_iter().collect()
    }

    fn section(&self) -> Section {
        Section::PostData
    }
}
