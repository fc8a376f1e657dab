//! Rows of objects that all databases share. Settings belong to their role or database.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{
    Database, LocaleProvider, ParameterPrivileges, Role, RoleMembership, RoleSettings, Setting, Tablespace,
};

/// The OID of the superuser that initdb creates.
const BOOTSTRAP_SUPERUSER: u32 = 10;

row! {
    pub struct RoleRow = "roles" of AUTHID {
        oid: u32, name: Name, superuser: bool, inherit: bool, create_role: bool, create_db: bool, login: bool,
        replication: bool, bypass_rls: bool, connection_limit: i32, valid_until: Option<String>,
        password: Option<String>, password_hidden: bool,
    }
}

row! {
    pub struct RoleMembershipRow = "role_memberships" {
        oid: Option<u32>, role: Name, member: Name, grantor: Option<Name>, admin: bool, inherit: Option<bool>, set: bool,
        granted_through: Option<Vec<Name>>,
    }
}

row! {
    pub struct TablespaceRow = "tablespaces" of TABLESPACE {
        oid: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>>, options: Option<Vec<String>>, location: String,
    }
}

row! {
    pub struct DatabaseRow = "databases" of DATABASE {
        oid: u32, name: Name, owner: u32, acl: Option<Vec<AclItem>>, current: bool, encoding: Name, locale_provider: u8,
        lc_collate: String, lc_ctype: String, locale: Option<String>, icu_rules: Option<String>,
        tablespace: Option<Name>, is_template: bool, allow_connections: bool, connection_limit: i32,
    }
}

row! { pub struct SettingRow = "settings" { database: u32, role: u32, settings: Vec<String> } }

row! { pub struct ParameterPrivilegesRow = "parameter_privileges" of PARAMETER_ACL { oid: u32, name: Name, acl: Option<Vec<AclItem>> } }

/// The catalog has -1 for no limit.
fn limit(connections: i32) -> Option<i32> {
    (connections != -1).then_some(connections)
}

impl Ingest for RoleRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let mut role = Role {
            name: self.name,
            superuser: self.superuser,
            no_inherit: !self.inherit,
            create_role: self.create_role,
            create_db: self.create_db,
            login: self.login,
            replication: self.replication,
            bypass_rls: self.bypass_rls,
            connection_limit: limit(self.connection_limit),
            password: self.password,
            password_hidden: self.password_hidden,
            valid_until: self.valid_until,
            bootstrap: self.oid == BOOTSTRAP_SUPERUSER,
            ..Role::default()
        };
        builder.describe(&mut role, Address::of(class::AUTHID, self.oid), None, None)?;
        builder.role_at.insert(self.oid, builder.model.roles.len());
        builder.model.roles.push(role);
        Ok(())
    }
}

impl Ingest for RoleMembershipRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let through = self.granted_through.unwrap_or_default();
        // A grantor needs a membership with ADMIN OPTION of its own.
        let through = through.iter().zip(std::iter::repeat(&self.grantor)).filter_map(|(by, grantor)| {
            grantor.as_ref().map(|grantor| RoleMembership::key_of(&self.role, grantor, Some(by)))
        });
        let mut depends_on: Vec<_> = through.collect();
        depends_on.sort();
        let mut membership = RoleMembership {
            role: self.role,
            member: self.member,
            grantor: self.grantor,
            admin: self.admin,
            inherit: self.inherit,
            no_set: !self.set,
            ..RoleMembership::default()
        };
        if let Some(oid) = self.oid {
            builder.describe(&mut membership, Address::of(class::AUTH_MEMBERS, oid), None, None)?;
        }
        membership.depends_on = depends_on;
        builder.model.role_memberships.push(membership);
        Ok(())
    }
}

impl Ingest for TablespaceRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let mut tablespace = Tablespace {
            name: self.name,
            // The path of an in-place tablespace is in the data directory, or empty in some minor versions.
            location: Some(self.location).filter(|path| !path.is_empty() && !path.starts_with("pg_tblspc/")),
            options: Setting::parse_all(self.options),
            ..Tablespace::default()
        };
        builder.describe(&mut tablespace, Address::of(class::TABLESPACE, self.oid), Some(self.owner), self.acl)?;
        builder.model.tablespaces.push(tablespace);
        Ok(())
    }
}

impl Ingest for DatabaseRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let mut database = Database {
            name: self.name,
            current: self.current,
            encoding: self.encoding,
            locale_provider: LocaleProvider::from_code(self.locale_provider)?,
            lc_collate: self.lc_collate,
            lc_ctype: self.lc_ctype,
            locale: self.locale,
            icu_rules: self.icu_rules,
            tablespace: self.tablespace,
            is_template: self.is_template,
            no_connections: !self.allow_connections,
            connection_limit: limit(self.connection_limit),
            ..Database::default()
        };
        builder.describe(&mut database, Address::of(class::DATABASE, self.oid), Some(self.owner), self.acl)?;
        builder.database_at.insert(self.oid, builder.model.databases.len());
        builder.model.databases.push(database);
        Ok(())
    }
}

impl Ingest for SettingRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let settings = Setting::parse_all(Some(self.settings));
        let database = builder.database_at.get(&self.database).map(|&at| &mut builder.model.databases[at]);
        match (database, self.database, self.role) {
            (Some(database), _, 0) => database.settings = settings,
            (Some(database), _, role) => {
                let settings = RoleSettings { role: builder.names.role(role)?, settings };
                let at = database.role_settings.partition_point(|other| other.role < settings.role);
                database.role_settings.insert(at, settings);
            }
            (None, 0, 0) => builder.model.roles.push(Role { settings, ..Role::default() }),
            (None, 0, role) => {
                if let Some(&at) = builder.role_at.get(&role) {
                    builder.model.roles[at].settings = settings;
                }
            }
            // The setting of a database that an interrupted DROP DATABASE left.
            (None, ..) => {}
        }
        Ok(())
    }
}

impl Ingest for ParameterPrivilegesRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        let mut parameter = ParameterPrivileges { name: self.name, ..ParameterPrivileges::default() };
        let address = Address::of(class::PARAMETER_ACL, self.oid);
        builder.describe(&mut parameter, address, Some(BOOTSTRAP_SUPERUSER), self.acl)?;
        builder.model.parameter_privileges.push(parameter);
        Ok(())
    }
}
