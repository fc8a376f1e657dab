//! Who may do something with an archive: it holds rows of a table, which not everybody who may call the functions may read.

use pgmeta_core::cells::take;

use crate::archive::owner::Owner;
use crate::archive::record::{is_ours, partition_here};
use crate::error::Error;
use crate::rights::{self, as_extension_owner, has_role};
use crate::spi::{Arg, Connection};

/// What is known of those who may have to do with an archive.
struct Parties {
    /// In this database; what came from another one, with pg_dump, is known by roles alone: anybody can make a table of a name.
    partition: Option<u32>,
    parent: Option<u32>,
    /// The roles that owned the table and that archived it, if they are the same still.
    owner: Option<u32>,
    archiver: Option<u32>,
    policy: Option<String>,
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
            "It takes SELECT on the table or its parent, or the rights of the table's owner or of who has archived it."
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
        hint: "It takes the rights of the policy's owner; without a policy, the right to read the table.".into(),
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
        hint: "It takes the rights of the policy's owner; without a policy, of the table's owner or of who has archived it."
            .into(),
    })
}

impl Parties {
    fn find(connection: &Connection, id: i64) -> Result<Option<Self>, Error> {
        let (here, is_ours) = (partition_here(), is_ours());
        let role = |column: &str| {
            format!(
                "(SELECT a.oid FROM pg_catalog.pg_roles a WHERE a.rolname = r.{column} \
                    AND (NOT {is_ours} OR a.oid = r.{column}_oid)) AS {column}"
            )
        };
        let find = format!(
            "SELECT CASE WHEN {is_ours} THEN {here} END AS partition, CASE WHEN {is_ours} THEN r.parent_oid END AS parent, {}, {}, r.policy \
            FROM pgmeta.archive_records r WHERE r.id = $1",
            role("table_owner"),
            role("archived_by")
        );
        let _owner = as_extension_owner(connection)?;
        let names = ["partition", "parent", "table_owner", "archived_by", "policy"];
        let mut found = None;
        connection.read(&find, &[Arg::Int(id)], &names, |cells| {
            let (partition, parent) = (take(cells, "partition")?, take(cells, "parent")?);
            let (owner, archiver) = (take(cells, "table_owner")?, take(cells, "archived_by")?);
            found = Some(Self { partition, parent, owner, archiver, policy: take(cells, "policy")? });
            Ok(())
        })?;
        Ok(found)
    }

    fn may_read(&self) -> bool {
        let tables = [self.partition, self.parent];
        rights::is_superuser()
            || [self.owner, self.archiver].into_iter().flatten().any(has_role)
            || tables.into_iter().flatten().any(rights::may_read_all)
    }
}
