//! What was changed on members of extensions and on system objects since they were installed.
//! The objects themselves are not in the model: CREATE EXTENSION or initdb makes them.

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, ObjectKind, SecurityLabel, Structure};

part! {
    /// Privileges as they were installed and as they are.
    pub struct PrivilegeChange { initial: Vec<Grant>, current: Vec<Grant>; }
}

part! {
    pub struct MemberColumn {
        name: Name;
        privilege_change: Option<PrivilegeChange>,
        comment: Option<String>,
        security_labels: Vec<SecurityLabel>,
    }
}

object! {
    pub struct ExtensionMember {
        object: ObjectKey;
        /// Absent: a system object.
        extension: Option<Name>,
        /// Who owns the object; the change of privileges is relative to this role.
        object_owner: Option<Name>,
        /// Of a system object that was given to another role: who owned it.
        initial_owner: Option<Name>,
        privilege_change: Option<PrivilegeChange>,
        /// By name; those with a change only.
        columns: Vec<MemberColumn>,
        row_security: bool,
        force_row_security: bool,
    }
}

impl ExtensionMember {
    pub fn object_key(&self) -> ObjectKey {
        let word = Name::from(self.object.kind.word());
        ObjectKey {
            kind: ObjectKind::ExtensionMember,
            names: self.object.names.clone(),
            args: std::iter::once(word).chain(self.object.args.iter().cloned()).collect(),
        }
    }

    /// Returns whether there is anything to tell about the object.
    pub fn is_changed(&self) -> bool {
        let parts = self.columns.iter().any(|column| {
            column.privilege_change.is_some() || column.comment.is_some() || !column.security_labels.is_empty()
        });
        parts
            || self.privilege_change.is_some()
            || self.initial_owner.is_some()
            || self.comment.is_some()
            || !self.security_labels.is_empty()
            || self.row_security
            || self.force_row_security
    }
}

impl Structure for ExtensionMember {
    fn requires(&self) -> Vec<ObjectKey> {
        self.extension.iter().map(|name| ObjectKey::global(ObjectKind::Extension, name)).collect()
    }
}
