//! GRANT and REVOKE as the difference between an object's privileges and its default privileges.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, BinaryHeap};

use rustc_hash::FxHashMap;

use crate::ddl::render::Script;
use crate::ident::{Name, ident, ident_list};
use crate::interrupt::check;
use crate::model::{Grant, Privilege};

/// The target in the statements.
#[derive(Clone, Copy, Debug)]
pub struct Target<'a> {
    /// After ON: `TABLE app.orders`.
    pub on: &'a str,
    /// After each privilege: `(column)`, or nothing.
    pub columns: &'a str,
    /// Before GRANT and REVOKE: `ALTER DEFAULT PRIVILEGES … `, or nothing.
    pub prefix: &'a str,
    pub owner: Option<&'a Name>,
}

/// Appends the statements that change one privilege list into another.
pub fn changes(target: Target<'_>, all: &BTreeSet<Privilege>, from: &[Grant], to: &[Grant], out: &mut Script) {
    let (from, to) = (merged(from), merged(to));
    let (olds, news) = (by_parties(&from), by_parties(&to));
    for old in &from {
        check();
        let new = news.get(&parties(old)).map_or_else(
            || Grant { privileges: BTreeSet::new(), grantable: BTreeSet::new(), ..old.clone() },
            |new| (*new).clone(),
        );
        let lost = &old.privileges - &new.privileges;
        let frozen = &(&old.grantable - &new.grantable) - &lost;
        target.statement(out, &old.grantor, "REVOKE", &lost, all, "FROM", old, "");
        target.statement(out, &old.grantor, "REVOKE GRANT OPTION FOR", &frozen, all, "FROM", old, "");
    }
    for new in in_grantor_order(&to, target.owner) {
        check();
        let old = olds.get(&parties(new));
        let empty = BTreeSet::new();
        let (had, could_grant) = old.map_or((&empty, &empty), |old| (&old.privileges, &old.grantable));
        let grantable = &new.grantable - could_grant;
        let plain = &(&new.privileges - had) - &grantable;
        target.statement(out, &new.grantor, "GRANT", &plain, all, "TO", new, "");
        target.statement(out, &new.grantor, "GRANT", &grantable, all, "TO", new, " WITH GRANT OPTION");
    }
}

/// Grantee and grantor.
type Parties<'g> = (Option<&'g Name>, &'g Name);

fn parties(grant: &Grant) -> Parties<'_> {
    (grant.grantee.as_ref(), &grant.grantor)
}

fn by_parties(grants: &[Grant]) -> FxHashMap<Parties<'_>, &Grant> {
    grants.iter().map(|grant| (parties(grant), grant)).collect()
}

/// Returns one entry for each pair of grantee and grantor, in the order of their first entries.
fn merged(grants: &[Grant]) -> Vec<Grant> {
    let mut merged: Vec<Grant> = Vec::with_capacity(grants.len());
    let mut known: FxHashMap<Parties<'_>, usize> = FxHashMap::default();
    for grant in grants {
        check();
        match known.entry(parties(grant)) {
            Entry::Occupied(at) => {
                let other = &mut merged[*at.get()];
                other.privileges.extend(&grant.privileges);
                other.grantable.extend(&grant.grantable);
            }
            Entry::Vacant(at) => {
                at.insert(merged.len());
                merged.push(grant.clone());
            }
        }
    }
    merged
}

/// Keeps the order of the list, so that the grants create the same list; a grantor must have its privileges first.
fn in_grantor_order<'g>(grants: &'g [Grant], owner: Option<&Name>) -> Vec<&'g Grant> {
    // Entries that wait for the privileges of their grantor.
    let mut waiting: FxHashMap<&Name, Vec<usize>> = FxHashMap::default();
    let mut ready = BinaryHeap::new();
    for (at, grant) in grants.iter().enumerate() {
        check();
        if Some(&grant.grantor) == owner {
            ready.push(Reverse(at));
        } else {
            waiting.entry(&grant.grantor).or_default().push(at);
        }
    }
    let mut ordered = Vec::with_capacity(grants.len());
    let mut left: Vec<Option<&Grant>> = grants.iter().map(Some).collect();
    while let Some(Reverse(at)) = ready.pop() {
        check();
        let grant = &grants[at];
        let grantee = grant.grantee.as_ref().filter(|_| !grant.grantable.is_empty());
        ready.extend(grantee.and_then(|grantee| waiting.remove(grantee)).into_iter().flatten().map(Reverse));
        ordered.extend(left[at].take());
    }
    ordered.extend(left.into_iter().flatten());
    ordered
}

impl Target<'_> {
    #[expect(clippy::too_many_arguments, reason = "the parts of one statement, in their order")]
    fn statement(
        &self,
        out: &mut Script,
        grantor: &Name,
        verb: &str,
        privileges: &BTreeSet<Privilege>,
        all: &BTreeSet<Privilege>,
        preposition: &str,
        grant: &Grant,
        suffix: &str,
    ) {
        if privileges.is_empty() {
            return;
        }
        let words = if privileges == all {
            format!("ALL{}", self.columns)
        } else {
            let words = privileges.iter().map(|privilege| format!("{}{}", privilege.word(), self.columns));
            words.collect::<Vec<_>>().join(", ")
        };
        let grantee = grant.grantee.as_ref().map_or("PUBLIC".to_owned(), |name| ident(name));
        let as_other = self.prefix.is_empty() && self.owner.is_some_and(|owner| owner != grantor);
        if as_other {
            out.statement(format_args!("SET SESSION AUTHORIZATION {}", ident_list([grantor])));
        }
        let Target { on, prefix, .. } = self;
        out.statement(format_args!("{prefix}{verb} {words} ON {on} {preposition} {grantee}{suffix}"));
        if as_other {
            out.statement("RESET SESSION AUTHORIZATION");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grants_keep_the_order_of_the_list_unless_a_grantor_comes_later() {
        let grant = |grantee: &str, grantor: &str, grantable: bool| Grant {
            grantee: Some(grantee.into()),
            grantor: grantor.into(),
            privileges: BTreeSet::from([Privilege::Select]),
            grantable: if grantable { BTreeSet::from([Privilege::Select]) } else { BTreeSet::new() },
        };
        let list = [grant("a", "b", false), grant("c", "o", true), grant("b", "c", true), grant("a", "o", false)];
        let owner = Name::from("o");
        let order = in_grantor_order(&list, Some(&owner));
        let order: Vec<(&str, &str)> =
            order.iter().map(|grant| (grant.grantee.as_deref().unwrap_or(""), &*grant.grantor)).collect();
        assert_eq!(order, [("c", "o"), ("b", "c"), ("a", "b"), ("a", "o")]);
    }
}
