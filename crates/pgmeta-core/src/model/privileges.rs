//! Access privileges and security labels, which objects of any kind can have.

use std::collections::BTreeSet;

use crate::cells::RowError;
use crate::ident::Name;
use crate::model::privilege::Privilege;
use crate::model::registry::ObjectKind;

part! {
    /// One entry of an access privilege list.
    pub struct Grant {
        /// The role that has the privileges. Absent: PUBLIC.
        grantee: Option<Name>,
        /// The role that granted them.
        grantor: Name,
        /// The privileges.
        privileges: BTreeSet<Privilege>;
        /// The privileges that the grantee may grant on (WITH GRANT OPTION).
        grantable: BTreeSet<Privilege>,
    }
}

part! {
    /// A security label of one provider.
    pub struct SecurityLabel {
        /// The label provider.
        provider: Name,
        /// The label.
        label: String;
    }
}

impl Grant {
    /// Decodes the two halves of an AclMode: privileges are in the low half, grant options in the high half.
    pub fn decode(bits: u32) -> Result<BTreeSet<Privilege>, RowError> {
        let mut rest = bits;
        let mut found = BTreeSet::new();
        for &(bit, privilege) in Privilege::BITS {
            if rest & (1 << bit) != 0 {
                found.insert(privilege);
                rest &= !(1 << bit);
            }
        }
        if rest == 0 { Ok(found) } else { Err(RowError::UnknownPrivilege(rest)) }
    }
}

impl ObjectKind {
    /// Returns the privileges of the owner and PUBLIC on a new object of the kind (PostgreSQL's `acldefault`).
    pub fn default_privileges(self, owner: &Name, server_version_num: u32) -> Vec<Grant> {
        let public = self.facts().public;
        let entry = |grantee: Option<&Name>, privileges: &[Privilege]| Grant {
            grantee: grantee.cloned(),
            grantor: owner.clone(),
            privileges: privileges.iter().copied().collect(),
            grantable: BTreeSet::new(),
        };
        let own = Grant { privileges: self.privileges(server_version_num), ..entry(Some(owner), &[]) };
        let public = (!public.is_empty()).then(|| entry(None, public));
        public.into_iter().chain([own]).filter(|grant| !grant.privileges.is_empty()).collect()
    }

    /// Returns all privileges on objects of the kind.
    pub fn privileges(self, server_version_num: u32) -> BTreeSet<Privilege> {
        let words = self.facts().privileges;
        words.iter().copied().filter(|&word| word != Privilege::Maintain || server_version_num >= 170_000).collect()
    }
}
