//! Rows of changes on members of extensions and on system objects.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder, Names};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{ExtensionMember, Grant, MemberColumn, ObjectKey, ObjectKind, PrivilegeChange};

row! {
    pub struct MemberObjectRow = "member_objects" {
        class: u32, oid: u32, kind: String, names: Vec<Name>, args: Vec<Name>, type_schema: Option<u32>,
        type_name: Option<Name>, owner: Option<u32>, initial: Option<Vec<AclItem>>, current: Option<Vec<AclItem>>,
        row_security: bool, force_row_security: bool,
    }
}
row! {
    pub struct MemberColumnRow = "member_columns" of CLASS {
        relation: u32, number: i32, name: Name, changed: bool, initial: Option<Vec<AclItem>>,
        current: Option<Vec<AclItem>>,
    }
}

/// The role that owns the objects of initdb.
const BOOTSTRAP_SUPERUSER: u32 = 10;
/// Lower OIDs belong to initdb.
const FIRST_USER_OID: u32 = 16384;

impl Ingest for MemberObjectRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let object = match ObjectKind::from_word(&self.kind) {
            Some(ObjectKind::Type) => match (self.type_schema, self.type_name) {
                (Some(schema), Some(name)) => {
                    ObjectKey::in_schema(ObjectKind::Type, &builder.names.schema(schema)?, &name)
                }
                _ => return Ok(()),
            },
            Some(kind) => ObjectKey { kind, names: self.names.into(), args: self.args.into() },
            None => return Ok(()),
        };
        let privilege_change = match (self.initial, self.current) {
            (Some(initial), Some(current)) => change(&builder.names, &initial, &current)?,
            _ => None,
        };
        let given_away = self.oid < FIRST_USER_OID && self.owner.is_some_and(|owner| owner != BOOTSTRAP_SUPERUSER);
        let initial_owner = given_away.then(|| builder.names.role(BOOTSTRAP_SUPERUSER)).transpose()?;
        let address = Address::of(self.class, self.oid);
        // The catalog does not show whether the extension's script created a comment. On functions and the like, it usually did.
        let comment = (self.class == class::CLASS).then(|| builder.take_comment(address)).flatten();
        let member = ExtensionMember {
            object,
            extension: builder.extension_of(self.class, self.oid).cloned(),
            object_owner: self.owner.map(|oid| builder.names.role(oid)).transpose()?,
            initial_owner,
            privilege_change,
            row_security: self.row_security,
            force_row_security: self.force_row_security,
            comment,
            security_labels: builder.take_labels(address),
            ..ExtensionMember::default()
        };
        if self.class == class::CLASS {
            builder.member_at.insert(self.oid, builder.model.extension_members.len());
        }
        // Not registered: a dependent of a member does not depend on the change.
        builder.model.extension_members.push(member);
        Ok(())
    }
}

impl Ingest for MemberColumnRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let Some(&at) = builder.member_at.get(&self.relation) else {
            return Ok(());
        };
        let address = Address { class: class::CLASS, oid: self.relation, sub: self.number };
        let lists = (self.initial.unwrap_or_default(), self.current.unwrap_or_default());
        let column = MemberColumn {
            name: self.name,
            privilege_change: if self.changed { change(&builder.names, &lists.0, &lists.1)? } else { None },
            comment: builder.take_comment(address),
            security_labels: builder.take_labels(address),
        };
        let columns = &mut builder.model.extension_members[at].columns;
        let position = columns.partition_point(|other| other.name < column.name);
        columns.insert(position, column);
        Ok(())
    }
}

/// Returns the change, if the lists differ in more than order.
fn change(names: &Names, initial: &[AclItem], current: &[AclItem]) -> Result<Option<PrivilegeChange>, RowError> {
    let (initial, current) = (known(names, initial)?, known(names, current)?);
    let same = initial.len() == current.len() && initial.iter().all(|grant| current.contains(grant));
    Ok((!same).then_some(PrivilegeChange { initial, current }))
}

/// Initial privileges may contain dropped roles, also as grantors.
fn known(names: &Names, acl: &[AclItem]) -> Result<Vec<Grant>, RowError> {
    let known: Vec<AclItem> = acl.iter().filter(|item| names.roles.contains_key(&item.grantor)).copied().collect();
    names.grants(&known)
}
