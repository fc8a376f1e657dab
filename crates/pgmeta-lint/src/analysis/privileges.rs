//! Who has a privilege on an object, by its grants or by the default of its kind. Superusers and the owner are not counted.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{Grant, Model, Object, Privilege};
use rustc_hash::FxHashSet;

/// How PUBLIC is written; options may write it in small letters.
const PUBLIC: &str = "PUBLIC";

/// Returns the privileges on an object: those granted, or those that its kind has by default.
pub(crate) fn grants(model: &Model, object: &dyn Object) -> Vec<Grant> {
    object.shared().grants(object.key().kind, model.server_version_num)
}

/// Returns whether a privilege on an object is PUBLIC's.
pub(crate) fn is_public(model: &Model, object: &dyn Object, privilege: Privilege) -> bool {
    let grants = grants(model, object);
    grants.iter().any(|grant| grant.grantee.is_none() && grant.privileges.contains(&privilege))
}

/// Returns who beside the owner has a privilege, as words.
pub(crate) fn others_with(model: &Model, object: &dyn Object, privilege: Privilege) -> Vec<String> {
    let owner = object.shared().owner;
    others(grants(model, object), owner, privilege)
}

/// Returns who beside the owner has a privilege of these grants.
pub(crate) fn others(grants: Vec<Grant>, owner: Option<&Name>, privilege: Privilege) -> Vec<String> {
    let with = grants.into_iter().filter(|grant| grant.privileges.contains(&privilege));
    let with = with.filter(|grant| grant.grantee.is_none() || grant.grantee.as_ref() != owner);
    with.map(|grant| grant.grantee.map_or_else(|| PUBLIC.to_owned(), |name| name.to_string())).collect()
}

/// Returns those of some roles that one of the grantees is, or whose membership gives them its privileges. What PUBLIC has, every role
/// has: if PUBLIC is among the roles, it stands for all of them.
pub(crate) fn reached(model: &Model, grantees: &[String], roles: &[String]) -> Vec<String> {
    let is_public = |name: &str| name.eq_ignore_ascii_case(PUBLIC);
    let of_public = grantees.iter().any(|own| own == PUBLIC);
    if of_public && roles.iter().any(|role| is_public(role)) {
        return vec![PUBLIC.to_owned()];
    }
    let is_reached = |role: &&String| {
        let (mut waiting, mut seen) = (vec![&***role], FxHashSet::default());
        while let Some(name) = waiting.pop() {
            if of_public || grantees.iter().any(|own| own == name) {
                return true;
            }
            if seen.insert(name) {
                let of = model.role_memberships.iter().filter(|own| &*own.member == name);
                waiting.extend(of.map(|own| &*own.role));
            }
        }
        false
    };
    roles.iter().filter(|role| !is_public(role)).filter(is_reached).cloned().collect()
}

#[cfg(test)]
mod tests {
    use pgmeta_core::model::{Function, RoleMembership, View};

    use super::*;

    fn grant(to: Option<&str>, privilege: Privilege) -> Grant {
        let privileges = [privilege].into();
        Grant { grantee: to.map(Into::into), grantor: "owner".into(), privileges, ..Grant::default() }
    }

    #[test]
    fn default_privileges_apply_without_grants() {
        let model = Model { server_version_num: 150_000, ..Model::default() };
        let function = Function { owner: Some("owner".into()), ..Function::default() };
        assert!(is_public(&model, &function, Privilege::Execute));
        let closed = Function { privileges: Some(vec![grant(Some("owner"), Privilege::Execute)]), ..function };
        assert!(!is_public(&model, &closed, Privilege::Execute));
        let view = View { owner: Some("owner".into()), ..View::default() };
        assert!(others_with(&model, &view, Privilege::Select).is_empty());
        let privileges = vec![grant(Some("owner"), Privilege::Select), grant(Some("app"), Privilege::Select)];
        let shared = View { privileges: Some(privileges), ..view };
        assert_eq!(others_with(&model, &shared, Privilege::Select), ["app"]);
    }

    #[test]
    fn members_inherit_privileges_of_their_roles() {
        let membership = |role: &str, member: &str| RoleMembership {
            role: role.into(),
            member: member.into(),
            ..RoleMembership::default()
        };
        let role_memberships = vec![membership("readers", "app"), membership("app", "web"), membership("web", "app")];
        let model = Model { role_memberships, ..Model::default() };
        let roles = ["web".to_owned(), "other".to_owned()];
        assert_eq!(reached(&model, &["readers".to_owned()], &roles), ["web"]);
        assert_eq!(reached(&model, &[PUBLIC.to_owned()], &roles), roles);
        let with_public = ["public".to_owned(), "web".to_owned()];
        assert_eq!(reached(&model, &[PUBLIC.to_owned()], &with_public), [PUBLIC]);
        assert_eq!(reached(&model, &["readers".to_owned()], &with_public), ["web"]);
        assert!(reached(&model, &[], &roles).is_empty());
    }
}
