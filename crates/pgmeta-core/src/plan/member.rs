//! Restoring or changing what users changed on members of extensions and on system objects. Never creates or drops the objects.

use crate::ddl::Render;
use crate::ddl::privileges::Target;
use crate::ident::{Name, ident};
use crate::model::{ExtensionMember, Grant, MemberColumn, Object, Privilege, PrivilegeChange};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::lookup::By;
use crate::plan::shared;
use crate::plan::step::{Hazard, LockLevel, Statement};

impl Alter for ExtensionMember {
    fn strategy(&self, _new: &Self, _sides: &Sides<'_>) -> Strategy {
        Strategy::Alter
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        if sides.options.owner
            && self.object_owner != new.object_owner
            && (self.initial_owner.is_some() || new.initial_owner.is_some())
            && let Some(owner) = &new.object_owner
        {
            let sql = format!("ALTER {} OWNER TO {}", new.target(), ident(owner));
            out.push(Statement::new(&key, sql).hazard(Hazard::AuthzUpdate));
        }
        if sides.options.privileges {
            let grants = new.grant_target();
            let all = new.object.kind.privileges(sides.new.model.server_version_num);
            let target = Target { on: &grants, columns: "", prefix: "", owner: new.object_owner.as_ref() };
            let (from, to) = lists(self, self.privilege_change.as_ref(), new, new.privilege_change.as_ref());
            shared::changes(&key, target, &all, &from, &to, out);
            let all = Privilege::of_columns();
            for (name, was, is) in columns(self, new) {
                let [was, is] = [was, is].map(|column| column.and_then(|column| column.privilege_change.as_ref()));
                let (from, to) = lists(self, was, new, is);
                let columns = format!("({})", ident(name));
                shared::changes(&key, Target { columns: &columns, ..target }, &all, &from, &to, out);
            }
        }
        let words = [
            (self.row_security, new.row_security, ["DISABLE", "ENABLE"]),
            (self.force_row_security, new.force_row_security, ["NO FORCE", "FORCE"]),
        ];
        for (_, is, words) in words.into_iter().filter(|(was, is, _)| was != is) {
            let sql = format!("ALTER {} {} ROW LEVEL SECURITY", new.target(), words[usize::from(is)]);
            out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive).hazard(Hazard::AuthzUpdate));
        }
        for (name, was, is) in columns(self, new) {
            let target = format!("COLUMN {}.{}", new.object.identity(), ident(name));
            let [before, after] = [was, is].map(|column| column.and_then(|column| column.comment.as_deref()));
            shared::comment(&key, &target, before, after, sides, out);
            let [before, after] = [was, is].map(|column| column.map_or(&[][..], |column| &column.security_labels));
            shared::labels(&key, &target, before, after, sides, out);
        }
    }
}

/// Returns the statements that undo the changes, if the object stays.
pub fn drop_statement(member: &ExtensionMember, sides: &Sides<'_>) -> Vec<Statement> {
    // Extensions that every database has are in no model.
    let is_dropped = |name: &Name| sides.old.has_extension(name) && !sides.new.has_extension(name);
    let mut out = Vec::new();
    if !member.extension.as_ref().is_some_and(is_dropped) {
        let untouched = ExtensionMember {
            object: member.object.clone(),
            extension: member.extension.clone(),
            object_owner: member.initial_owner.clone().or_else(|| member.object_owner.clone()),
            ..ExtensionMember::default()
        };
        member.alter(&untouched, sides, &mut out);
        shared::alter(member, &untouched, sides, &mut out);
    }
    out
}

/// Returns the existing and the wanted privileges. A model without changes has the initial ones.
fn lists(
    old: &ExtensionMember,
    was: Option<&PrivilegeChange>,
    new: &ExtensionMember,
    is: Option<&PrivilegeChange>,
) -> (Vec<Grant>, Vec<Grant>) {
    let side = |member: &ExtensionMember, own: Option<&PrivilegeChange>, other: Option<&PrivilegeChange>| match own {
        Some(change) => change.current.clone(),
        None => {
            let installed = other.map(|change| change.initial.clone()).unwrap_or_default();
            let initial = old.initial_owner.as_ref().or(new.initial_owner.as_ref());
            shared::transfer_ownership(installed, initial, member.object_owner.as_ref())
        }
    };
    let from = side(old, was, is);
    (shared::transfer_ownership(from, old.object_owner.as_ref(), new.object_owner.as_ref()), side(new, is, was))
}

/// Iterates over the columns that one of the models mentions.
fn columns<'a>(
    old: &'a ExtensionMember,
    new: &'a ExtensionMember,
) -> impl Iterator<Item = (&'a Name, Option<&'a MemberColumn>, Option<&'a MemberColumn>)> {
    let [olds, news] = [old, new].map(|side| By::of(&side.columns, |column| &column.name));
    let gone = old.columns.iter().filter(move |column| !news.has(&&column.name));
    let both = new.columns.iter().map(move |column| (&column.name, olds.get(&&column.name), Some(column)));
    gone.map(|column| (&column.name, Some(column), None)).chain(both)
}
