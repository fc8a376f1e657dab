//! Row-level security policies. The table has the attribute that enables them.

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Section, Structure};

choice! {
    /// The commands to which a policy applies.
    pub enum PolicyCommand {
        /// All commands.
        All b'*' "ALL",
        /// SELECT.
        Select b'r' "SELECT",
        /// INSERT.
        Insert b'a' "INSERT",
        /// UPDATE.
        Update b'w' "UPDATE",
        /// DELETE.
        Delete b'd' "DELETE",
    }
}

object! {
    /// A row-level security policy of a table.
    pub struct Policy {
        /// The schema of the table.
        schema: Name,
        /// The name of the table.
        table: Name,
        /// The name of the policy.
        name: Name;
        /// Whether it is RESTRICTIVE. The default is PERMISSIVE.
        restrictive: bool,
        /// The commands to which it applies. The default is ALL.
        command: PolicyCommand,
        /// The roles to which it applies, by name. An empty list means PUBLIC.
        roles: Vec<Name>,
        /// The condition on existing rows (USING), as SQL. Absent: none.
        using: Option<String>,
        /// The condition on new rows (WITH CHECK), as SQL. Absent: that of USING.
        with_check: Option<String>,
        /// The extension of the table, if the table is a member.
        on_member_of: Option<Name>,
    }
}

impl Policy {
    /// Returns the address of the object.
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

    fn texts(&self) -> Vec<&str> {
        [&self.using, &self.with_check].into_iter().flatten().map(String::as_str).collect()
    }
}
