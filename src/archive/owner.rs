//! Whom a policy is run as: a role, by number and name. A role that is gone, was renamed or cannot log in runs no policy, and no
//! other takes its place.

use pgrx::PgSqlErrorCode;

use crate::archive::queries;
use crate::error::Error;
use crate::rights::{self, as_extension_owner};
use crate::server;
use crate::spi::{Arg, Connection};

/// The owner of a policy, as the policy says and as the server's roles are now.
#[derive(Clone, Debug)]
pub struct Owner {
    policy: String,
    pub name: String,
    /// None where no role has that number.
    role: Option<Role>,
    /// The number is another server's.
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
    /// Finds the owner of a policy; `None` where there is no such policy.
    pub fn find(connection: &Connection, policy: &str) -> Result<Option<Self>, Error> {
        let _owner = as_extension_owner(connection)?;
        let args = [Arg::Text(policy), Arg::Text(&server::origin())];
        let Some(row) = queries::optional::<PolicyOwner>(connection, &args)? else { return Ok(None) };
        let role = row.oid.zip(row.name).zip(row.login).map(|((oid, name), can_login)| Role { oid, name, can_login });
        Ok(Some(Self { policy: policy.to_owned(), name: row.owner, role, is_foreign: row.foreign }))
    }

    /// Returns the role, or why the policy does not run.
    pub fn require_able(&self) -> Result<u32, Error> {
        let Self { policy, name, .. } = self;
        let refuse = |why: &str, hint: &str| {
            let message = format!("role \"{name}\", the owner of policy \"{policy}\", {why}");
            Err(Error::from_parts(PgSqlErrorCode::ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE, &message, hint))
        };
        match &self.role {
            None => refuse("does not exist", "Drop the policy, and make it as another role."),
            Some(role) if role.name != *name => refuse(
                &format!("is called \"{}\" now", role.name),
                "A superuser, or a member of the role, drops the policy and makes it again.",
            ),
            Some(Role { can_login: false, .. }) => refuse(
                "cannot log in",
                "Workers are sessions of the owner: ALTER ROLE … LOGIN, or make the policy as another role.",
            ),
            Some(role) => Ok(role.oid),
        }
    }

    /// A policy is run as its owner: it is changed by whoever has the owner's rights. Where the role is gone, only superusers do.
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
            hint: format!("It takes the rights of its owner, {}.", self.name),
        })
    }

    /// Notes the number of the owner's role where the policy came from another server, with pg_dump: from here on it counts.
    pub fn adopt(&self, connection: &Connection) -> Result<(), Error> {
        let (Some(role), true) = (&self.role, self.is_foreign && !server::is_read_only()) else { return Ok(()) };
        let _owner = as_extension_owner(connection)?;
        let args = [Arg::Text(&self.policy), Arg::Int(role.oid.into()), Arg::Text(&server::origin())];
        queries::change(connection, sql!("adopt_policy"), &args).map(drop)
    }
}
