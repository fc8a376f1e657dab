//! Changes that all kinds share: owner, dependence on extensions, comment, privileges, security labels.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use crate::ddl::privileges::{self, Target};
use crate::ddl::{Render, Script};
use crate::ident::{Name, ident, literal};
use crate::interrupt::check;
use crate::model::{Column, Grant, ObjectKey, Privilege, SecurityLabel};
use crate::plan::alter::Sides;
use crate::plan::lookup::By;
use crate::plan::step::{Hazard, Statement};

/// Appends the statements that change the attributes of all kinds.
pub fn alter(old: &dyn Render, new: &dyn Render, sides: &Sides<'_>, out: &mut Vec<Statement>) {
    let key = new.key();
    let (was, is) = (old.shared(), new.shared());
    if let (Some(from), Some(to)) = (was.owner, is.owner)
        && from != to
        && sides.options.owner
        && new.has_owner()
    {
        let sql = format!("ALTER {} OWNER TO {}", new.target(), ident(to));
        out.push(Statement::new(&key, sql).hazard(Hazard::AuthzUpdate));
    }
    let target = new.dependent_target();
    let [before, after] = [was, is].map(|side| By::of(side.depends_on_extensions, |name| name));
    for extension in was.depends_on_extensions.iter().filter(|name| !after.has(name)) {
        out.push(Statement::new(&key, format!("ALTER {target} NO DEPENDS ON EXTENSION {}", ident(extension))));
    }
    for extension in is.depends_on_extensions.iter().filter(|name| !before.has(name)) {
        out.push(Statement::new(&key, format!("ALTER {target} DEPENDS ON EXTENSION {}", ident(extension))));
    }
    let target = new.comment_target();
    if !target.is_empty() {
        comment(&key, &target, was.comment, is.comment, sides, out);
        labels(&key, &target, was.security_labels, is.security_labels, sides, out);
    }
    if sides.options.privileges && was.privileges != is.privileges {
        let version = sides.new.model.server_version_num;
        let owner = is.owner.or(was.owner);
        let from = was.grants(key.kind, sides.old.model.server_version_num);
        let from = transfer_ownership(from, was.owner.filter(|_| sides.options.owner && new.has_owner()), is.owner);
        let to = is.grants(key.kind, version);
        let on = new.grant_target();
        let target = Target { on: &on, columns: "", prefix: "", owner };
        changes(&key, target, &key.kind.privileges(version), &from, &to, out);
    }
}

/// A new owner gets the old owner's privileges, and becomes the grantor of its grants.
pub fn transfer_ownership(grants: Vec<Grant>, old: Option<&Name>, new: Option<&Name>) -> Vec<Grant> {
    let (Some(old), Some(new)) = (old, new) else { return grants };
    let taken = |role: Name| if role == *old { new.clone() } else { role };
    grants
        .into_iter()
        .map(|grant| Grant { grantee: grant.grantee.map(taken), grantor: taken(grant.grantor), ..grant })
        .collect()
}

pub fn changes(
    key: &ObjectKey,
    target: Target<'_>,
    all: &BTreeSet<Privilege>,
    from: &[Grant],
    to: &[Grant],
    out: &mut Vec<Statement>,
) {
    let mut script = Script::default();
    privileges::changes(target, all, from, to, &mut script);
    out.extend(script.into_statements().into_iter().map(|sql| Statement::new(key, sql).hazard(Hazard::AuthzUpdate)));
}

/// Appends COMMENT ON where the comment changes.
pub fn comment(
    key: &ObjectKey,
    target: &str,
    old: Option<&str>,
    new: Option<&str>,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    if old != new && sides.options.comments {
        let text = new.map_or_else(|| "NULL".to_owned(), literal);
        out.push(Statement::new(key, format!("COMMENT ON {target} IS {text}")));
    }
}

/// Appends SECURITY LABEL ON for the labels that change.
pub fn labels(
    key: &ObjectKey,
    target: &str,
    old: &[SecurityLabel],
    new: &[SecurityLabel],
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    if !sides.options.security_labels {
        return;
    }
    let [olds, news] = [old, new].map(|list| By::of(list, |label| &label.provider));
    let gone = old.iter().filter(|label| !news.has(&&label.provider));
    for label in gone {
        let provider = ident(&label.provider);
        out.push(Statement::new(key, format!("SECURITY LABEL FOR {provider} ON {target} IS NULL")));
    }
    for label in new.iter().filter(|label| olds.get(&&label.provider) != Some(label)) {
        let provider = ident(&label.provider);
        let text = literal(&label.label);
        out.push(Statement::new(key, format!("SECURITY LABEL FOR {provider} ON {target} IS {text}")));
    }
}

/// Appends the changes of the comment, labels and privileges of a column that both models have.
pub fn column(
    key: &ObjectKey,
    relation: &str,
    owner: Option<&Name>,
    (old, new): (&Column, &Column),
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    let name = ident(&new.name);
    let target = format!("COLUMN {relation}.{name}");
    comment(key, &target, old.comment.as_deref(), new.comment.as_deref(), sides, out);
    labels(key, &target, &old.security_labels, &new.security_labels, sides, out);
    if old.privileges != new.privileges && sides.options.privileges {
        let (on, columns) = (format!("TABLE {relation}"), format!("({name})"));
        let target = Target { on: &on, columns: &columns, prefix: "", owner };
        let all = Privilege::of_columns();
        let list = |column: &'_ Column| column.privileges.clone().unwrap_or_default();
        changes(key, target, &all, &list(old), &list(new), out);
    }
}

/// Privileges that a role loses on a whole relation: REVOKE there also revokes them on its columns.
#[derive(Debug, Default)]
pub struct Revoked<'m>(FxHashMap<(Option<&'m Name>, &'m Name), BTreeSet<Privilege>>);

impl<'m> Revoked<'m> {
    pub fn of(old: Option<&'m [Grant]>, new: Option<&'m [Grant]>) -> Self {
        let mut lost: FxHashMap<_, BTreeSet<Privilege>> = FxHashMap::default();
        let parties = |grant: &'m Grant| (grant.grantee.as_ref(), &grant.grantor);
        for grant in old.into_iter().flatten() {
            lost.entry(parties(grant)).or_default().extend(&grant.privileges);
        }
        for grant in new.into_iter().flatten() {
            check();
            if let Some(lost) = lost.get_mut(&parties(grant)) {
                lost.retain(|privilege| !grant.privileges.contains(privilege));
            }
        }
        lost.retain(|_, privileges| !privileges.is_empty());
        Self(lost)
    }

    /// Returns a column after such a REVOKE: privileges that it should have are then granted again.
    pub fn leave(&self, column: &Column) -> Column {
        let mut column = column.clone();
        for grant in column.privileges.iter_mut().flat_map(|list| list.iter_mut()) {
            if let Some(lost) = self.0.get(&(grant.grantee.as_ref(), &grant.grantor)) {
                grant.privileges.retain(|privilege| !lost.contains(privilege));
                grant.grantable.retain(|privilege| !lost.contains(privilege));
            }
        }
        column
    }
}
