//! Row level security policies. Whether row level security is on is the table's to say.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure};

choice! {
    pub enum PolicyCommand {
        All b'*' "ALL", Select b'r' "SELECT", Insert b'a' "INSERT", Update b'w' "UPDATE", Delete b'd' "DELETE",
    }
}

object! {
    pub struct Policy {
        schema: Name,
        table: Name,
        name: Name;
        restrictive: bool,
        command: PolicyCommand,
        /// By name; none means PUBLIC.
        roles: Vec<Name>,
        /// As SQL.
        using: Option<String>,
        /// As SQL.
        with_check: Option<String>,
        /// The extension whose member the table is.
        on_member_of: Option<Name>,
    }
}

impl Policy {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::on_relation(ObjectKind::Policy, &self.schema, &self.table, &self.name)
    }
}

impl Structure for Policy {
    fn parent(&self) -> Option<ObjectKey> {
        Some(ObjectKey::in_schema(ObjectKind::Table, &self.schema, &self.table))
    }

    fn requires(&self) -> Vec<ObjectKey> {
        let roles = self.roles.iter().map(|role| ObjectKey::global(ObjectKind::Role, role));
        self.parent().into_iter().chain(roles).collect()
    }

    fn section(&self) -> Section {
        Section::PostData
    }
}
