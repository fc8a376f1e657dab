//! Attributes of all kinds: comments, security labels, initial privileges, membership in an extension, and dependence on one.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::SecurityLabel;

row! { pub struct CommentRow = "comments" { class: u32, oid: u32, sub: i32, comment: String } }
row! { pub struct SecurityLabelRow = "security_labels" { class: u32, oid: u32, sub: i32, provider: Name, label: String } }
row! {
    /// The privileges that an extension or initdb granted. Changes are relative to them.
    pub struct InitialPrivilegesRow = "initial_privileges" { class: u32, oid: u32, sub: i32, acl: Vec<AclItem> }
}
row! {
    /// The dependencies of ALTER … DEPENDS ON EXTENSION.
    pub struct ExtensionDependencyRow = "extension_dependencies" { class: u32, oid: u32, extension: Name }
}
row! { pub struct MemberRow = "members" { class: u32, oid: u32, extension: Name } }

impl Ingest for CommentRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.comments.insert(Address { class: self.class, oid: self.oid, sub: self.sub }, self.comment);
        Ok(())
    }
}

impl Ingest for SecurityLabelRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let address = Address { class: self.class, oid: self.oid, sub: self.sub };
        let labels = builder.labels.entry(address).or_default();
        labels.push(SecurityLabel { provider: self.provider, label: self.label });
        labels.sort_by(|a, b| a.provider.cmp(&b.provider));
        Ok(())
    }
}

impl Ingest for InitialPrivilegesRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.initial_privileges.insert(Address { class: self.class, oid: self.oid, sub: self.sub }, self.acl);
        Ok(())
    }
}

impl Ingest for MemberRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.members.insert((self.class, self.oid), self.extension);
        Ok(())
    }
}

impl Ingest for ExtensionDependencyRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let extensions = builder.extension_dependencies.entry((self.class, self.oid)).or_default();
        extensions.push(self.extension);
        extensions.sort();
        Ok(())
    }
}
