//! The words of privileges, and of the kinds of objects that have default privileges. Knows no kind.

use std::collections::BTreeSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

macro_rules! privileges {
    ($($variant:ident $bit:literal $word:literal),* $(,)?) => {
        /// A privilege, in the words of `GRANT`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
        #[expect(missing_docs, reason = "a variant has the name of its word")]
        pub enum Privilege { $(#[serde(rename = $word)] $variant),* }

        impl Privilege {
            pub(super) const BITS: &'static [(u32, Privilege)] = &[$(($bit, Privilege::$variant)),*];

            /// Returns the word of GRANT.
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

impl Privilege {
    /// Returns the privileges on columns.
    pub fn of_columns() -> BTreeSet<Self> {
        BTreeSet::from([Self::Insert, Self::Select, Self::Update, Self::References])
    }
}

choice! {
    /// The kind of object with the privileges, in the words of ALTER DEFAULT PRIVILEGES.
    pub enum DefaultPrivilegesOn {
        /// Tables and views.
        Tables b'r' "TABLES",
        /// Sequences.
        Sequences b'S' "SEQUENCES",
        /// Functions, procedures and aggregates.
        Functions b'f' "FUNCTIONS",
        /// Types and domains.
        Types b'T' "TYPES",
        /// Schemas.
        Schemas b'n' "SCHEMAS",
        /// Large objects.
        LargeObjects b'L' "LARGE OBJECTS",
    }
}
