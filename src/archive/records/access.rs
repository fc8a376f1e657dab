//! Checks who may do what with an archive: it contains rows of a table that not every caller may read.

use crate::archive::queries;
use crate::archive::records::run_as::Owner;
use crate::error::Error;
use crate::rights::{self, as_extension_owner, has_role};
use crate::spi::{Arg, Connection};

query! {
    /// The table and the roles that give rights on an archive.
    struct Parties = "archive_parties" {
        /// The partition in this database. An archive that came with pg_dump has roles only: anybody can create a table
        /// with the same name.
        partition: Option<u32>,
        parent: Option<u32>,
        /// The roles that owned the table and that archived it, if they still exist.
        owner: Option<u32>,
        archiver: Option<u32>,
        policy: Option<String>,
    }
}

/// Returns an error unless the caller could read the archived rows before: as a reader of the table or its parent, or with
/// the rights of the table's owner or of the role that archived it. A restore would let the caller read them.
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

/// Returns an error unless the caller has the right to make attempts like this one: otherwise it must not cancel it.
pub fn require_archiver(connection: &Connection, id: i64) -> Result<(), Error> {
    let Some(parties) = Parties::find(connection, id)? else { return Ok(()) };
    let owner = parties.policy.as_deref().map(|policy| Owner::find(connection, policy)).transpose()?.flatten();
    let may = match owner {
        // The policy does not try a cancelled attempt again.
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

/// Returns an error unless the caller has the rights of the policy's owner, of the table's owner, or of the role that made
/// the archive. The privilege to read the rows is not enough to delete the archive.
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
