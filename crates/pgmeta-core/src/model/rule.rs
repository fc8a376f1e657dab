//! Rules, except the query of a view, which belongs to the view.

use crate::ident::Name;
use crate::model::{Firing, ObjectKey, ObjectKind, RelationKind, Section, Structure};

object! {
    /// A rule of a table or view.
    pub struct Rule {
        /// The schema of the relation.
        schema: Name,
        /// The name of the relation.
        table: Name,
        /// The name of the rule.
        name: Name;
        /// The kind of relation. The default is table.
        on: RelationKind,
        /// The whole `CREATE RULE`, as the server prints it, without a final semicolon. Absent for the rule of a view's query, which is
        /// listed only if it has a comment.
        definition: Option<String>,
        /// The values of `session_replication_role` with which it fires. The default is origin.
        firing: Firing,
        /// The extension of the table, if the table is a member.
        on_member_of: Option<Name>,
    }
}

impl Rule {
    /// Returns the address of the object.
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

    fn texts(&self) -> Vec<&str> {
        self.definition.as_deref().into_iter().collect()
    }
}
