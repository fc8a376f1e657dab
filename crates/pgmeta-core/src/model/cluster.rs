//! What all databases of a cluster share: roles, memberships, tablespaces, the databases themselves, and the
//! privileges on configuration parameters. Settings made by ALTER ROLE and ALTER DATABASE are attributes of these.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Setting, Structure};

object! {
    pub struct Role {
        /// Empty: ALTER ROLE ALL, which has nothing but settings.
        name: Name;
        superuser: bool,
        no_inherit: bool,
        create_role: bool,
        create_db: bool,
        login: bool,
        replication: bool,
        bypass_rls: bool,
        /// Absent: no limit.
        connection_limit: Option<i32>,
        /// As the server keeps it: encrypted.
        password: Option<String>,
        /// Whoever read the model was not allowed to see whether there is a password.
        password_hidden: bool,
        /// In ISO format, UTC.
        valid_until: Option<String>,
        /// The superuser that initdb made, which every cluster has.
        bootstrap: bool,
        /// In all databases.
        settings: Vec<Setting>,
    }
}

object! {
    pub struct RoleMembership {
        role: Name,
        member: Name;
        /// Absent where it is not known any more, which happens until PostgreSQL 15.
        grantor: Option<Name>,
        admin: bool,
        /// Absent until PostgreSQL 15, where the member's own attribute decides.
        inherit: Option<bool>,
        /// `SET FALSE`.
        no_set: bool,
    }
}

object! {
    pub struct Tablespace {
        name: Name;
        /// Absent: in the data directory (`allow_in_place_tablespaces`).
        location: Option<String>,
        options: Vec<Setting>,
    }
}

choice! {
    pub enum LocaleProvider { Libc b'c' "libc", Icu b'i' "icu", Builtin b'b' "builtin" }
}

part! {
    /// What one role has set in one database.
    pub struct RoleSettings { role: Name, settings: Vec<Setting>; }
}

object! {
    pub struct Database {
        name: Name;
        /// The database the model was read in.
        current: bool,
        encoding: Name,
        locale_provider: LocaleProvider,
        lc_collate: String,
        lc_ctype: String,
        /// Of the providers icu and builtin.
        locale: Option<String>,
        icu_rules: Option<String>,
        /// Absent: pg_default.
        tablespace: Option<Name>,
        is_template: bool,
        /// `ALLOW_CONNECTIONS false`.
        no_connections: bool,
        /// Absent: no limit.
        connection_limit: Option<i32>,
        /// For all roles.
        settings: Vec<Setting>,
        /// By role.
        role_settings: Vec<RoleSettings>,
    }
}

object! {
    /// The privileges on one configuration parameter; the owner is the superuser that initdb made.
    pub struct ParameterPrivileges {
        name: Name;
    }
}

impl Role {
    /// Returns whether it stands for ALTER ROLE ALL, which is the only statement about it.
    pub fn is_all(&self) -> bool {
        self.name.is_empty()
    }

    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Role, &self.name)
    }

    /// Removes what must not be shown. Nothing stands in its place, for that would become the password.
    pub fn mask_secrets(&mut self) {
        self.password = None;
    }
}

impl RoleMembership {
    pub fn key_of(role: &Name, member: &Name, grantor: Option<&Name>) -> ObjectKey {
        let names = [Some(role), Some(member), grantor].into_iter().flatten().cloned();
        ObjectKey { kind: ObjectKind::RoleMembership, names: names.collect(), args: Arc::default() }
    }

    pub fn object_key(&self) -> ObjectKey {
        Self::key_of(&self.role, &self.member, self.grantor.as_ref())
    }
}

impl Tablespace {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Tablespace, &self.name)
    }
}

impl Database {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Database, &self.name)
    }
}

impl ParameterPrivileges {
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::ParameterPrivileges, &self.name)
    }
}

fn role_key(name: &Name) -> ObjectKey {
    ObjectKey::global(ObjectKind::Role, name)
}

/// Returns the roles that a setting names, which must exist when it is made.
fn named_roles(settings: &[Setting]) -> impl Iterator<Item = ObjectKey> {
    let roles = settings.iter().filter(|setting| matches!(&*setting.name, "role" | "session_authorization"));
    roles.map(|setting| role_key(&setting.value.as_str().into()))
}

impl Structure for Role {
    fn requires(&self) -> Vec<ObjectKey> {
        named_roles(&self.settings).collect()
    }
}

impl Structure for RoleMembership {
    fn requires(&self) -> Vec<ObjectKey> {
        [&self.role, &self.member].into_iter().chain(&self.grantor).map(role_key).collect()
    }
}

impl Structure for Tablespace {}

impl Structure for Database {
    fn requires(&self) -> Vec<ObjectKey> {
        let own = named_roles(&self.settings);
        let of_roles = self.role_settings.iter();
        let of_roles = of_roles.flat_map(|of_role| named_roles(&of_role.settings).chain([role_key(&of_role.role)]));
        let space = self.tablespace.iter().map(|space| ObjectKey::global(ObjectKind::Tablespace, space));
        own.chain(of_roles).chain(space).collect()
    }
}

impl Structure for ParameterPrivileges {}
