//! pgmeta's own objects in a model: the extension, the changes on its members, and objects that need it. Exports and plans omit them
//! by default. Knows the names in `sql/`, and no catalog.

use rustc_hash::FxHashSet;

use crate::ident::Name;
use crate::interrupt::check;
use crate::model::{Model, ObjectRef};

/// The name of the extension and of its schema.
pub const EXTENSION: &str = "pgmeta";

/// The foreign-data wrapper of storages for archives.
const WRAPPER: &str = "pgmeta_storage";

/// The roles that `sql/archive.sql` creates for the cluster.
const ROLES: [&str; 3] = ["pgmeta_archive_admin", "pgmeta_archive_operator", "pgmeta_storage_environment"];

/// Recognizes pgmeta's own objects.
#[derive(Debug, Default)]
pub struct Own {
    /// Storages: servers of pgmeta's wrapper.
    servers: FxHashSet<Name>,
}

impl Own {
    /// Returns the test for pgmeta's own objects in a model.
    pub fn of(model: &Model) -> Self {
        let storages = model.servers.iter().filter(|server| &*server.foreign_data_wrapper == WRAPPER);
        Self { servers: storages.map(|server| server.name.clone()).collect() }
    }

    /// Returns whether an object is pgmeta's own.
    pub fn has(&self, object: ObjectRef<'_>) -> bool {
        let is_role = |name: &Name| ROLES.contains(&&**name);
        let named = matches!(object, ObjectRef::Extension(extension) if &*extension.name == EXTENSION)
            || matches!(object, ObjectRef::ExtensionMember(member) if member.extension.as_deref() == Some(EXTENSION))
            || matches!(object, ObjectRef::Server(server) if self.servers.contains(&server.name))
            || matches!(object, ObjectRef::UserMapping(mapping) if self.servers.contains(&mapping.server))
            || matches!(object, ObjectRef::Role(role) if is_role(&role.name))
            || matches!(object, ObjectRef::RoleMembership(membership) if is_role(&membership.role));
        named || object.object().key().schema().is_some_and(|schema| &**schema == EXTENSION)
    }
}

impl Model {
    /// Removes pgmeta's own objects.
    pub fn remove_own(&mut self) {
        let own = Own::of(self);
        self.retain_objects(|object| {
            check();
            !own.has(object)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Extension, ExtensionMember, ObjectKey, ObjectKind, Role, RoleMembership, Schema, Server, Table, UserMapping,
    };

    #[test]
    fn objects_that_need_pgmeta_are_omitted_with_it() {
        let member = |extension: Option<&str>, name: &str| ExtensionMember {
            object: ObjectKey::global(ObjectKind::Schema, &name.into()),
            extension: extension.map(Name::from),
            ..ExtensionMember::default()
        };
        let server = |name: &str, wrapper: &str| Server {
            name: name.into(),
            foreign_data_wrapper: wrapper.into(),
            ..Server::default()
        };
        let mapping = |server: &str| UserMapping { user: "u".into(), server: server.into(), ..UserMapping::default() };
        let table = |schema: &str| Table { schema: schema.into(), name: "t".into(), ..Table::default() };
        let membership =
            |role: &str| RoleMembership { role: role.into(), member: "u".into(), ..RoleMembership::default() };
        let whole = Model {
            extensions: ["hstore", EXTENSION]
                .map(|name| Extension { name: name.into(), ..Extension::default() })
                .into(),
            extension_members: vec![
                member(None, "public"),
                member(Some(EXTENSION), "pgmeta"),
                member(Some("hstore"), "h"),
            ],
            servers: vec![server("cold", WRAPPER), server("pgmeta_like", "postgres_fdw")],
            user_mappings: vec![mapping("cold"), mapping("pgmeta_like")],
            roles: ["app", "pgmeta_archive_admin"].map(|name| Role { name: name.into(), ..Role::default() }).into(),
            role_memberships: vec![membership("app"), membership("pgmeta_storage_environment")],
            schemas: ["app", "pgmeta"].map(|name| Schema { name: name.into(), ..Schema::default() }).into(),
            tables: vec![table("pgmeta"), table("pgmeta2")],
            ..Model::default()
        };
        let mut left = whole.clone();
        left.remove_own();
        let names: Vec<String> = left.objects().map(|object| object.object().key().to_string()).collect();
        assert_eq!(left.len(), whole.len() - 8, "{names:?}");
        assert!(names.iter().all(|name| !name.contains("cold") && !name.contains("archive")), "{names:?}");
        assert_eq!(left.tables, [table("pgmeta2")]);
        let again = left.clone();
        left.remove_own();
        assert_eq!(left, again);
    }
}
