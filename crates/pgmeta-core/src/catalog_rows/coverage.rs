//! The account of every catalog row: whether an export includes it, and why not. Decides from the model and the rows; runs no query.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use crate::catalog_rows::builder::{Addresses, Members};
use crate::ident::Name;
use crate::model::{Model, ObjectRef, Own};

row! {
    /// A row of a catalog, or several rows of one object.
    pub struct CoverageRow = "coverage" {
        class: Option<u32>, oid: Option<u32>, kind: String, schema: Option<Name>,
        /// Whether the schema is requested.
        wanted: bool,
        /// The kind of part, if the row belongs to another object.
        part: Option<String>,
        owner_class: Option<u32>, owner_oid: Option<u32>,
        /// Why it is not supported.
        note: Option<String>,
        count: i64,
    }
}

/// How an export treats a catalog row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    Emitted,
    /// Included with an object.
    Part,
    /// Included without attributes that the caller cannot read.
    Hidden,
    /// Included only with the option `cluster`.
    Cluster,
    /// Included only with the option `self`.
    LeftOut,
    Member,
    System,
    Temporary,
    OutOfScope,
    Failed,
    Unsupported,
}

impl Status {
    pub fn word(self) -> &'static str {
        match self {
            Status::Emitted => "emitted",
            Status::Part => "part",
            Status::Hidden => "hidden",
            Status::Cluster => "cluster object",
            Status::LeftOut => "left out",
            Status::Member => "extension member",
            Status::System => "system object",
            Status::Temporary => "temporary object",
            Status::OutOfScope => "not in the schemas asked for",
            Status::Failed => "failed",
            Status::Unsupported => "not supported",
        }
    }

    /// Returns whether the parts of the object are included with it.
    fn is_covered(self) -> bool {
        matches!(self, Status::Emitted | Status::Part | Status::Hidden | Status::Cluster)
    }
}

/// A status with its reason.
pub type Verdict = (Status, Option<String>);

/// The objects in the model, by address.
#[derive(Debug, Default)]
pub struct Evidence {
    read: FxHashMap<(u32, u32), Verdict>,
    pub members: Members,
    /// Objects that could not be read, with the error.
    pub failures: FxHashMap<(u32, u32), String>,
    /// The number of comments and security labels without an object.
    pub unclaimed: FxHashMap<(u32, u32), i64>,
    /// Whether kinds outside of schemas were read.
    pub global: bool,
}

impl Evidence {
    pub fn new(model: &Model, addresses: &Addresses) -> Self {
        let own = Own::of(model);
        let verdicts = model.objects().filter_map(|object| {
            let address = addresses.get(&object.object().key())?;
            let verdict = match own.has(object) {
                true => (Status::LeftOut, Some("pgmeta's own: only with the option self".into())),
                false => verdict_on(object),
            };
            Some(((address.class, address.oid), verdict))
        });
        Self { read: verdicts.collect(), ..Self::default() }
    }
}

fn verdict_on(object: ObjectRef<'_>) -> Verdict {
    if let Some(secret) = hidden_secret(object) {
        return (Status::Hidden, Some(secret.to_owned()));
    }
    if matches!(object, ObjectRef::Database(database) if !database.current) {
        return (Status::Cluster, Some("another database".into()));
    }
    if object.object().key().kind.is_of_cluster() {
        return (Status::Cluster, Some("only with the option cluster".into()));
    }
    (Status::Emitted, None)
}

/// Returns the secret of an object that the role may not read.
fn hidden_secret(object: ObjectRef<'_>) -> Option<&'static str> {
    if let ObjectRef::Role(role) = object {
        role.password_hidden.then_some("password")
    } else if let ObjectRef::UserMapping(mapping) = object {
        mapping.options_hidden.then_some("options")
    } else if let ObjectRef::Subscription(subscription) = object {
        subscription.connection_hidden.then_some("connection string")
    } else {
        None
    }
}

/// Counts the rows by kind, status and reason.
pub fn count(rows: &[CoverageRow], evidence: &Evidence) -> BTreeMap<(String, Status, Option<String>), i64> {
    let account =
        Account { evidence, by_address: rows.iter().filter_map(|row| Some(((row.class?, row.oid?), row))).collect() };
    let mut counts = BTreeMap::new();
    for row in rows {
        let (status, reason) = account.verdict(row, 0);
        let mut count = row.count;
        // Comments and labels have no rows of their own in the model: only the unclaimed ones are known.
        if status.is_covered()
            && row.class.is_none()
            && let (Some(class), Some(oid)) = (row.owner_class, row.owner_oid)
            && matches!(&*row.kind, "comment" | "security label")
        {
            let lost = evidence.unclaimed.get(&(class, oid)).copied().unwrap_or(0).min(count);
            if lost > 0 {
                let of = account.by_address.get(&(class, oid)).map(|row| format!("of a {}", row.kind));
                *counts.entry((row.kind.clone(), Status::Unsupported, of)).or_default() += lost;
                count -= lost;
            }
        }
        if count > 0 {
            *counts.entry((row.kind.clone(), status, reason)).or_default() += count;
        }
    }
    counts
}

struct Account<'a> {
    evidence: &'a Evidence,
    by_address: FxHashMap<(u32, u32), &'a CoverageRow>,
}

/// OIDs below this one belong to initdb.
const FIRST_USER_OID: u32 = 16_384;
/// Maximum depth of parts of parts: the array type of the multirange type of a range.
const MAX_DEPTH: usize = 8;

impl Account<'_> {
    fn verdict(&self, row: &CoverageRow, depth: usize) -> Verdict {
        if let (Some(class), Some(oid)) = (row.class, row.oid) {
            let address = (class, oid);
            if let Some(extension) = self.evidence.members.get(&address) {
                return (Status::Member, Some(extension.to_string()));
            }
            if let Some(verdict) = self.evidence.read.get(&address) {
                return verdict.clone();
            }
            if let Some(message) = self.evidence.failures.get(&address) {
                return (Status::Failed, Some(message.clone()));
            }
            if oid < FIRST_USER_OID {
                return (Status::System, None);
            }
        }
        match (row.owner_class, row.owner_oid) {
            (Some(class), Some(oid)) if oid != 0 => return self.verdict_on_part(row, (class, oid), depth),
            _ => {}
        }
        if let Some(schema) = &row.schema
            && !row.wanted
        {
            return if schema.starts_with("pg_temp_") || schema.starts_with("pg_toast_temp_") {
                (Status::Temporary, None)
            } else if schema.starts_with("pg_") || &**schema == "information_schema" {
                (Status::System, Some(format!("in schema {schema}")))
            } else {
                (Status::OutOfScope, None)
            };
        }
        if row.schema.is_none() && !self.evidence.global && row.owner_oid.is_none() {
            return (Status::OutOfScope, Some("in no schema".into()));
        }
        match &row.part {
            Some(part) if row.owner_oid == Some(0) => (Status::Part, Some(part.clone())),
            _ => (Status::Unsupported, row.note.clone()),
        }
    }

    fn verdict_on_part(&self, row: &CoverageRow, owner: (u32, u32), depth: usize) -> Verdict {
        let of_owner = match self.by_address.get(&owner) {
            Some(owner) if depth < MAX_DEPTH => self.verdict(owner, depth + 1),
            None if owner.1 < FIRST_USER_OID => (Status::System, None),
            None => (Status::Unsupported, Some("of an object that does not exist".into())),
            _ => (Status::Unsupported, row.note.clone()),
        };
        match of_owner {
            (Status::Cluster, reason) => (Status::Cluster, reason),
            (status, _) if status.is_covered() => (Status::Part, row.part.clone()),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog_rows::builder::Address;
    use crate::catalog_rows::class;
    use crate::model::{Role, Table};

    fn row(class: u32, oid: u32, kind: &str) -> CoverageRow {
        CoverageRow {
            class: Some(class),
            oid: Some(oid),
            kind: kind.into(),
            schema: Some("app".into()),
            wanted: true,
            part: None,
            owner_class: None,
            owner_oid: None,
            note: None,
            count: 1,
        }
    }

    fn part(kind: &str, part: &str, class: u32, oid: u32) -> CoverageRow {
        CoverageRow {
            class: None,
            oid: None,
            schema: None,
            wanted: false,
            part: Some(part.into()),
            owner_class: Some(class),
            owner_oid: Some(oid),
            count: 3,
            ..row(0, 0, kind)
        }
    }

    #[test]
    fn every_catalog_row_has_a_status() {
        let table = Table { schema: "app".into(), name: "t".into(), ..Table::default() };
        let role = Role { name: "r".into(), password_hidden: true, ..Role::default() };
        let addresses: Addresses = [
            (table.object_key(), Address::of(class::CLASS, 20_000)),
            (role.object_key(), Address::of(class::AUTHID, 20_001)),
        ]
        .into_iter()
        .collect();
        let model = Model { tables: vec![table], roles: vec![role], ..Model::default() };
        let mut evidence = Evidence::new(&model, &addresses);
        evidence.members.insert((class::CLASS, 20_002), "ext".into());
        evidence.failures.insert((class::REWRITE, 20_003), "broken".into());
        evidence.unclaimed.insert((class::CLASS, 20_000), 1);
        let other = |schema: &str, oid| CoverageRow {
            schema: Some(schema.into()),
            wanted: false,
            ..row(class::CLASS, oid, "table")
        };
        let rows = [
            row(class::CLASS, 20_000, "table"),
            row(class::CLASS, 20_002, "table"),
            row(class::CLASS, 20_009, "table"),
            row(class::CLASS, 1259, "table"),
            other("pg_temp_3", 20_010),
            other("other", 20_011),
            other("pg_catalog", 20_012),
            row(class::REWRITE, 20_003, "rule"),
            row(class::AUTHID, 20_001, "role"),
            part("column", "column", class::CLASS, 20_000),
            part("column", "column", class::CLASS, 20_002),
            part("comment", "comment", class::CLASS, 20_000),
            CoverageRow { owner_oid: Some(0), part: Some("shell".into()), ..row(class::OPERATOR, 20_020, "operator") },
            CoverageRow { schema: None, ..row(class::CAST, 20_021, "cast") },
        ];
        let lines: Vec<String> = count(&rows, &evidence)
            .into_iter()
            .map(|((kind, status, reason), count)| {
                format!("{kind}, {}, {}, {count}", status.word(), reason.unwrap_or_default())
            })
            .collect();
        assert_eq!(
            lines,
            [
                "cast, not in the schemas asked for, in no schema, 1",
                "column, part, column, 3",
                "column, extension member, ext, 3",
                "comment, part, comment, 2",
                "comment, not supported, of a table, 1",
                "operator, part, shell, 1",
                "role, hidden, password, 1",
                "rule, failed, broken, 1",
                "table, emitted, , 1",
                "table, extension member, ext, 1",
                "table, system object, , 1",
                "table, system object, in schema pg_catalog, 1",
                "table, temporary object, , 1",
                "table, not in the schemas asked for, , 1",
                "table, not supported, , 1",
            ]
        );
    }
}
