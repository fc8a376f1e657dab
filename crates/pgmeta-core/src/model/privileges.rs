//! Access privileges and security labels, which any object can have.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::ident::Name;
use crate::rows::RowError;

macro_rules! privileges {
    ($($variant:ident $bit:literal $word:literal),* $(,)?) => {
        /// A privilege, in the words of `GRANT`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        pub enum Privilege { $(#[serde(rename = $word)] $variant),* }

        impl Privilege {
            const BITS: &'static [(u32, Privilege)] = &[$(($bit, Privilege::$variant)),*];

            pub fn word(self) -> &'static str {
                match self { $(Privilege::$variant => $word),* }
            }
        }
    };
}

// The bits are those of PostgreSQL's AclMode (nodes/parsenodes.h).
privileges! {
    Insert 0 "INSERT",
    Select 1 "SELECT",
    Update 2 "UPDATE",
    Delete 3 "DELETE",
    Truncate 4 "TRUNCATE",
    References 5 "REFERENCES",
    Trigger 6 "TRIGGER",
    Execute 7 "EXECUTE",
    Usage 8 "USAGE",
    Create 9 "CREATE",
    Temporary 10 "TEMPORARY",
    Connect 11 "CONNECT",
    Set 12 "SET",
    AlterSystem 13 "ALTER SYSTEM",
    Maintain 14 "MAINTAIN",
}

part! {
    /// One entry of an access privilege list.
    pub struct Grant {
        /// Absent: PUBLIC.
        grantee: Option<Name>,
        grantor: Name,
        privileges: BTreeSet<Privilege>;
        /// Those of the privileges that the grantee may grant on.
        grantable: BTreeSet<Privilege>,
    }
}

part! {
    pub struct SecurityLabel { provider: Name, label: String; }
}

impl Grant {
    /// Decodes the two halves of an AclMode: privileges in the low one, grant options in the high one.
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
