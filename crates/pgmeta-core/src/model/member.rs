//! The changes on members of extensions and on system objects since their installation. The objects themselves are not in the model:
//! CREATE EXTENSION or initdb creates them.

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, ObjectKind, SecurityLabel, Structure};

part! {
    /// Privileges at installation and now.
    pub struct PrivilegeChange {
        /// The privileges at installation.
        initial: Vec<Grant>,
        /// The privileges now.
        current: Vec<Grant>;
    }
}

part! {
    /// A changed column of an extension's table.
    pub struct MemberColumn {
        /// The name of the column.
        name: Name;
        /// The change of privileges. Absent: they are as installed.
        privilege_change: Option<PrivilegeChange>,
        /// The comment on the column.
        comment: Option<String>,
        /// The security labels of the column, one for each provider.
        security_labels: Vec<SecurityLabel>,
    }
}

object! {
    /// The changes on a member of an extension, or on a system object, since its installation.
    pub struct ExtensionMember {
        /// The changed object.
        object: ObjectKey;
        /// The extension of the member. Absent: a system object.
        extension: Option<Name>,
        /// The role that owns the object. The change of privileges is relative to it.
        object_owner: Option<Name>,
        /// The first owner of a system object that was given to another role.
        initial_owner: Option<Name>,
        /// The change of privileges. Absent: they are as installed.
        privilege_change: Option<PrivilegeChange>,
        /// The changed columns, by name.
        columns: Vec<MemberColumn>,
        /// Whether row-level security is enabled on the object.
        row_security: bool,
        /// Whether row-level security also applies to the owner.
        force_row_security: bool,
    }
}

impl ExtensionMember {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        let word = Name::from(self.object.kind.word());
        ObjectKey {
            kind: ObjectKind::ExtensionMember,
            names: self.object.names.clone(),
            args: std::iter::once(word).chain(self.object.args.iter().cloned()).collect(),
        }
    }

    /// Returns whether the object has any change.
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
