//! Objects that all databases of a cluster share: roles, memberships, tablespaces, databases, and privileges on configuration
//! parameters. The settings of ALTER ROLE and ALTER DATABASE are attributes of these.

use std::sync::Arc;

use crate::ident::Name;
use crate::model::{ObjectKey, ObjectKind, Setting, Structure};

object! {
    /// A role of the cluster, with its settings for all databases.
    pub struct Role {
        /// The name of the role. Empty: ALTER ROLE ALL, which has only settings.
        name: Name;
        /// Whether the role is a superuser.
        superuser: bool,
        /// Whether the role has NOINHERIT. The default is INHERIT.
        no_inherit: bool,
        /// Whether the role has CREATEROLE.
        create_role: bool,
        /// Whether the role has CREATEDB.
        create_db: bool,
        /// Whether the role has LOGIN.
        login: bool,
        /// Whether the role has REPLICATION.
        replication: bool,
        /// Whether the role has BYPASSRLS.
        bypass_rls: bool,
        /// The maximum number of connections. Absent: no limit.
        connection_limit: Option<i32>,
        /// The password as the server stores it: encrypted.
        password: Option<String>,
        /// Whether the reader of the catalog could not see if there is a password.
        password_hidden: bool,
        /// When the password expires, in ISO format, UTC.
        valid_until: Option<String>,
        /// Whether it is the superuser that initdb created.
        bootstrap: bool,
        /// The settings of ALTER ROLE … SET that apply in all databases.
        settings: Vec<Setting>,
    }
}

object! {
    /// The membership of a role in another (GRANT).
    pub struct RoleMembership {
        /// The role that has the other role as a member.
        role: Name,
        /// The role that is the member.
        member: Name;
        /// The role that granted the membership. Absent: it is unknown, which is possible before PostgreSQL 16.
        grantor: Option<Name>,
        /// Whether the member may grant the membership on (ADMIN OPTION).
        admin: bool,
        /// Whether the member inherits the role's privileges. Absent: PostgreSQL before 16, which has no such option.
        inherit: Option<bool>,
        /// Whether the member cannot SET ROLE to the role (SET FALSE).
        no_set: bool,
    }
}

object! {
    /// A tablespace of the cluster.
    pub struct Tablespace {
        /// The name of the tablespace.
        name: Name;
        /// The directory. Absent: it is in the data directory (`allow_in_place_tablespaces`).
        location: Option<String>,
        /// The options of the tablespace, such as `seq_page_cost`.
        options: Vec<Setting>,
    }
}

choice! {
    /// The library that provides a database's locale.
    pub enum LocaleProvider {
        /// The C library of the operating system.
        Libc b'c' "libc",
        /// The ICU library.
        Icu b'i' "icu",
        /// PostgreSQL itself.
        Builtin b'b' "builtin",
    }
}

part! {
    /// The settings that apply for one role in one database.
    pub struct RoleSettings {
        /// The role of the settings.
        role: Name,
        /// The settings of ALTER ROLE … IN DATABASE … SET.
        settings: Vec<Setting>;
    }
}

object! {
    /// A database of the cluster.
    pub struct Database {
        /// The name of the database.
        name: Name;
        /// Whether the model was read in this database.
        current: bool,
        /// The character set encoding, such as `UTF8`.
        encoding: Name,
        /// The library that provides the locale.
        locale_provider: LocaleProvider,
        /// The libc locale for the sort order (LC_COLLATE).
        lc_collate: String,
        /// The libc locale for character classes (LC_CTYPE).
        lc_ctype: String,
        /// The locale of the providers icu and builtin.
        locale: Option<String>,
        /// Additional ICU collation rules.
        icu_rules: Option<String>,
        /// The tablespace. Absent: `pg_default`.
        tablespace: Option<Name>,
        /// Whether any role with CREATEDB may clone the database.
        is_template: bool,
        /// Whether connections are not allowed (ALLOW_CONNECTIONS false). By default they are.
        no_connections: bool,
        /// The maximum number of connections. Absent: no limit.
        connection_limit: Option<i32>,
        /// The settings of ALTER DATABASE … SET, which apply for all roles.
        settings: Vec<Setting>,
        /// The settings that apply for single roles in this database, by role.
        role_settings: Vec<RoleSettings>,
    }
}

object! {
    /// The privileges on one configuration parameter.
    pub struct ParameterPrivileges {
        /// The name of the configuration parameter.
        name: Name;
    }
}

impl Role {
    /// Returns whether it represents ALTER ROLE ALL, the only statement for it.
    pub fn is_all(&self) -> bool {
        self.name.is_empty()
    }

    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Role, &self.name)
    }

    /// Removes secrets. No mask replaces them, because it would become the password.
    pub fn mask_secrets(&mut self) {
        self.password = None;
    }
}

impl RoleMembership {
    /// Returns the address of the membership that a role granted.
    pub fn key_of(role: &Name, member: &Name, grantor: Option<&Name>) -> ObjectKey {
        let names = [Some(role), Some(member), grantor].into_iter().flatten().cloned();
        ObjectKey { kind: ObjectKind::RoleMembership, names: names.collect(), args: Arc::default() }
    }

    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        Self::key_of(&self.role, &self.member, self.grantor.as_ref())
    }
}

impl Tablespace {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Tablespace, &self.name)
    }
}

impl Database {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::Database, &self.name)
    }
}

impl ParameterPrivileges {
    /// Returns the address of the object.
    pub fn object_key(&self) -> ObjectKey {
        ObjectKey::global(ObjectKind::ParameterPrivileges, &self.name)
    }
}

fn role_key(name: &Name) -> ObjectKey {
    ObjectKey::global(ObjectKind::Role, name)
}

/// Returns the roles in a setting's value, which must exist before the setting.
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
