//! Privileges in a definition: those of others than the owner, who has all.

use std::collections::BTreeSet;

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Grant, ObjectKind, Privilege};

definition! {
    /// The privileges of a role.
    pub struct GrantDefinition {
        /// The role, or `PUBLIC`.
        role: Name,
        /// The privileges, in the words of GRANT.
        privileges: BTreeSet<Privilege>;
        /// The privileges that the role may grant on (WITH GRANT OPTION).
        grantable: BTreeSet<Privilege>,
    }
}

/// The role of a grant to everyone.
const PUBLIC: &str = "PUBLIC";

/// Returns whether a role is everyone.
pub(crate) fn is_public(role: &str) -> bool {
    role.eq_ignore_ascii_case(PUBLIC)
}

/// Returns the privileges of the model: those of the owner, and the given ones. Absent: PostgreSQL's default.
pub(crate) fn to_model(
    grants: Option<&Vec<GrantDefinition>>,
    kind: ObjectKind,
    owner: &Name,
    server_version_num: u32,
) -> Option<Vec<Grant>> {
    let default = kind.default_privileges(owner, server_version_num);
    let own = default.iter().filter(|grant| grant.grantee.is_some()).cloned();
    let all: Vec<Grant> = own.chain(grants?.iter().map(|grant| one(grant, owner))).collect();
    (!same(&all, &default)).then_some(all)
}

/// Returns the privileges on a column, on which the owner has none of its own.
pub(crate) fn of_column(grants: &[GrantDefinition], owner: &Name) -> Option<Box<[Grant]>> {
    (!grants.is_empty()).then(|| grants.iter().map(|grant| one(grant, owner)).collect())
}

fn one(grant: &GrantDefinition, owner: &Name) -> Grant {
    Grant {
        grantee: (!is_public(&grant.role)).then(|| grant.role.clone()),
        grantor: owner.clone(),
        privileges: grant.privileges.clone(),
        grantable: grant.grantable.clone(),
    }
}

/// Returns the grants to others than the owner. Absent: PostgreSQL's default.
pub(crate) fn from_model(
    privileges: Option<&[Grant]>,
    kind: ObjectKind,
    owner: Option<&Name>,
    server_version_num: u32,
) -> Option<Vec<GrantDefinition>> {
    let (privileges, owner) = (privileges?, owner?);
    if is_default(privileges, kind, owner, server_version_num) {
        return None;
    }
    Some(given(privileges.iter().filter(|grant| grant.grantee.as_ref() != Some(owner))))
}

/// Returns whether these are the privileges that PostgreSQL gives, which a catalog may also spell out.
pub(crate) fn is_default(privileges: &[Grant], kind: ObjectKind, owner: &Name, server_version_num: u32) -> bool {
    same(privileges, &kind.default_privileges(owner, server_version_num))
}

/// Returns whether these are the privileges that schema public has from its template: USAGE of all, and all of its owner. Before 15
/// all could create objects in it.
pub(crate) fn is_default_of_public(privileges: &[Grant]) -> bool {
    let others = privileges.iter().filter(|grant| grant.grantee.as_ref() != Some(&grant.grantor));
    let others: Vec<&Grant> = others.collect();
    let usual = |grant: &Grant| grant.grantee.is_none() && grant.privileges.contains(&Privilege::Usage);
    matches!(&*others, [only] if usual(only))
}

/// Returns the grants of a list.
pub(crate) fn given<'g>(grants: impl Iterator<Item = &'g Grant>) -> Vec<GrantDefinition> {
    let one = |grant: &Grant| GrantDefinition {
        role: grant.grantee.clone().unwrap_or_else(|| PUBLIC.into()),
        privileges: grant.privileges.clone(),
        grantable: grant.grantable.clone(),
    };
    grants.map(one).collect()
}

fn same(one: &[Grant], other: &[Grant]) -> bool {
    one.len() == other.len() && one.iter().all(|grant| other.contains(grant))
}
