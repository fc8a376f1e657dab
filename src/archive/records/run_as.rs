//! The role that a policy runs as, by OID and name. A policy does not run if its role was dropped, was renamed or cannot
//! log in; no other role replaces it.

use crate::archive::errors::{OwnerProblem, PolicyError};
use crate::archive::queries;
use crate::error::Error;
use crate::rights::{self, as_extension_owner};
use crate::server;
use crate::spi::{Arg, Connection};

/// The owner of a policy: as the policy records it, and the present role.
#[derive(Clone, Debug)]
pub struct Owner {
    policy: String,
    pub name: String,
    /// `None` if no role has that OID.
    role: Option<Role>,
    /// Whether the OID belongs to another server.
    is_foreign: bool,
}

#[derive(Clone, Debug)]
struct Role {
    oid: u32,
    name: String,
    can_login: bool,
}

query! {
    struct PolicyOwner = "policy_owner" {
        owner: String,
        oid: Option<u32>,
        name: Option<String>,
        login: Option<bool>,
        foreign: bool,
    }
}

impl Owner {
    /// Finds the owner of a policy; `None` if the policy does not exist.
    pub fn find(connection: &Connection, policy: &str) -> Result<Option<Self>, Error> {
        let _owner = as_extension_owner(connection)?;
        let args = [Arg::Text(policy), Arg::Text(&server::origin())];
        let Some(row) = queries::optional::<PolicyOwner>(connection, &args)? else { return Ok(None) };
        let role = row.oid.zip(row.name).zip(row.login).map(|((oid, name), can_login)| Role { oid, name, can_login });
        Ok(Some(Self { policy: policy.to_owned(), name: row.owner, role, is_foreign: row.foreign }))
    }

    /// Returns the role, or an error why the policy cannot run.
    pub fn require_able(&self) -> Result<u32, Error> {
        let problem = match &self.role {
            None => OwnerProblem::Missing,
            Some(role) if role.name != self.name => OwnerProblem::Renamed(role.name.clone()),
            Some(Role { can_login: false, .. }) => OwnerProblem::NoLogin,
            Some(role) => return Ok(role.oid),
        };
        Err(PolicyError::Owner { policy: self.policy.clone(), owner: self.name.clone(), problem }.into())
    }

    /// Returns an error unless the caller has the rights of the owner, and so may change the policy. If the role does not
    /// exist, only superusers may.
    pub fn require_rights(&self) -> Result<(), Error> {
        let may = match &self.role {
            Some(role) if role.name == self.name => rights::has_role(role.oid),
            _ => rights::is_superuser(),
        };
        if may {
            return Ok(());
        }
        Err(Error::Denied {
            action: format!("change policy \"{}\"", self.policy),
            hint: format!("The rights of its owner, {}, are required.", self.name),
        })
    }

    /// Records the OID of the owner's role, if the policy came from another server with pg_dump.
    pub fn adopt(&self, connection: &Connection) -> Result<(), Error> {
        let (Some(role), true) = (&self.role, self.is_foreign && !server::is_read_only()) else { return Ok(()) };
        let _owner = as_extension_owner(connection)?;
        let args = [Arg::Text(&self.policy), Arg::Int(role.oid.into()), Arg::Text(&server::origin())];
        queries::change(connection, sql!("adopt_policy"), &args).map(drop)
    }
}
