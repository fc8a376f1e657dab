//! Who may do something with an archive: it holds rows of a table, which not everybody who may call the functions may read.

use crate::archive::queries;
use crate::archive::records::run_as::Owner;
use crate::error::Error;
use crate::rights::{self, as_extension_owner, has_role};
use crate::spi::{Arg, Connection};

query! {
    /// What is known of those who may have to do with an archive.
    struct Parties = "archive_parties" {
        /// In this database; what came from another one, with pg_dump, is known by roles alone: anybody can make a table of a name.
        partition: Option<u32>,
        parent: Option<u32>,
        /// The roles that owned the table and that archived it, if they are the same still.
        owner: Option<u32>,
        archiver: Option<u32>,
        policy: Option<String>,
    }
}

/// Refuses to put the rows of an archive where the caller could read them, unless the caller could before: as a reader of the table
/// or its parent, or with the rights of its owner or of who has archived it.
pub fn require_reader(connection: &Connection, id: i64) -> Result<(), Error> {
    let Some(parties) = Parties::find(connection, id)? else { return Ok(()) };
    if parties.may_read() {
        return Ok(());
    }
    Err(Error::Denied {
        action: format!("restore archive {id}"),
        hint:
            "SELECT privilege on the table or its parent is required, or the rights of the table's owner or of the role that archived it."
                .into(),
    })
}

/// Refuses to end somebody else's attempts: the right to make them is required.
pub fn require_archiver(connection: &Connection, id: i64) -> Result<(), Error> {
    let Some(parties) = Parties::find(connection, id)? else { return Ok(()) };
    let owner = parties.policy.as_deref().map(|policy| Owner::find(connection, policy)).transpose()?.flatten();
    let may = match owner {
        // The policy leaves what is cancelled alone from then on.
        Some(owner) => owner.require_rights().is_ok(),
        None => parties.may_read(),
    };
    if may {
        return Ok(());
    }
    Err(Error::Denied {
        action: format!("cancel archive {id}"),
        hint: "The rights of the policy's owner are required; without a policy, the right to read the table.".into(),
    })
}

/// Refuses to delete somebody else's archive: the rights of the policy's owner are required, or of the table's owner or of who has
/// archived it. To be able to read the rows is not enough.
pub fn require_remover(connection: &Connection, id: i64) -> Result<(), Error> {
    let Some(parties) = Parties::find(connection, id)? else { return Ok(()) };
    let owner = parties.policy.as_deref().map(|policy| Owner::find(connection, policy)).transpose()?.flatten();
    let may = match owner {
        Some(owner) => owner.require_rights().is_ok(),
        None => rights::is_superuser() || [parties.owner, parties.archiver].into_iter().flatten().any(has_role),
    };
    if may {
        return Ok(());
    }
    Err(Error::Denied {
        action: format!("delete archive {id}"),
        hint: "The rights of the policy's owner are required; without a policy, those of the table's owner or of the role that archived it."
            .into(),
    })
}

impl Parties {
    fn find(connection: &Connection, id: i64) -> Result<Option<Self>, Error> {
        let _owner = as_extension_owner(connection)?;
        queries::optional(connection, &[Arg::Int(id)])
    }

    fn may_read(&self) -> bool {
        let tables = [self.partition, self.parent];
        rights::is_superuser()
            || [self.owner, self.archiver].into_iter().flatten().any(has_role)
            || tables.into_iter().flatten().any(rights::may_read_all)
    }
}
