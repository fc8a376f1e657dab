//! What was changed on members of extensions and on system objects since they were installed.
//! The objects themselves are not in the model: CREATE EXTENSION or initdb makes them.

use crate::ident::Name;
use crate::model::{Grant, ObjectKey, ObjectKind, SecurityLabel, Structure};

part! {
    /// Privileges as they were installed and as they are.
    pub struct PrivilegeChange {
        /// The privileges as they were installed.
        initial: Vec<Grant>,
        /// The privileges as they are.
        current: Vec<Grant>;
    }
}

part! {
    /// A column of an extension's table on which something was changed.
    pub struct MemberColumn {
        /// The name of the column.
        name: Name;
        /// The privileges before and after the change. Absent: they are as installed.
        privilege_change: Option<PrivilegeChange>,
        /// The comment on the column.
        comment: Option<String>,
        /// The security labels of the column, one for each provider.
        security_labels: Vec<SecurityLabel>,
    }
}

object! {
    /// What was changed on a member of an extension, or on a system object, since it was installed.
    pub struct ExtensionMember {
        /// The object that was changed.
        object: ObjectKey;
        /// The extension whose member it is. Absent: a system object.
        extension: Option<Name>,
        /// The role that owns the object. The change of privileges is relative to it.
        object_owner: Option<Name>,
        /// The first owner of a system object that was given to another role.
        initial_owner: Option<Name>,
        /// The privileges before and after the change. Absent: they are as installed.
        privilege_change: Option<PrivilegeChange>,
        /// The columns on which something was changed, by name.
        columns: Vec<MemberColumn>,
        /// Whether row-level security is enabled on the object.
        row_security: bool,
        /// Whether row-level security holds for the owner too.
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
