//! The properties that a partition itself had, as statements that give them to the table which replaces it: grants, policies,
//! indexes, constraints, triggers, comments and the like. Properties from the parent come with the parent, and columns do not
//! change. Knows no rows.

use std::collections::BTreeMap;

use crate::ident::{Name, ident, qualified};
use crate::model::{
    Column, Constraint, Grant, Index, IndexStatistics, Model, Object, ObjectKey, Policy, RelationName, Table, Trigger,
};
use crate::plan::{Options, PlanError, Statement, Step, plan};

/// The statements that restore what a partition had.
#[derive(Debug, Default)]
pub struct Properties {
    pub steps: Vec<Step>,
    /// Descriptions of the properties that cannot be restored.
    pub lost: Vec<String>,
}

/// Removes from a table's model, which has its parent's columns, all that comes from the parent.
pub fn keep_local_properties(model: &mut Model, same_defaults: &[Name]) {
    // The values of sequences have advanced, and objects elsewhere do not belong to the table.
    model.sequences.clear();
    for table in &mut model.tables {
        for column in table.columns.iter_mut().filter(|column| same_defaults.contains(&column.name)) {
            column.default = None;
        }
    }
}

/// Returns the statements that give indexes which the server created for the parent's indexes their former names.
pub fn names(live: &Model, archived: &Model) -> Vec<Statement> {
    let Some(table) = live.tables.first() else { return Vec::new() };
    let taken = |name: &Name| {
        live.indexes.iter().any(|index| index.name == *name)
            || live.constraints.iter().any(|constraint| constraint.name == *name)
    };
    let mut statements = Vec::new();
    let mut rename = |key: ObjectKey, had: Option<&Name>, print: &dyn Fn(&Name) -> String| {
        if let Some(had) = had.filter(|had| !taken(had)) {
            statements.push(Statement::new(&key, print(had)));
        }
    };
    for index in &live.indexes {
        let of = |other: &&Index| is_same(other.attached_to.as_ref(), index.attached_to.as_ref());
        let had = archived.indexes.iter().find(of).map(|other| &other.name);
        rename(index.key(), had, &|had| {
            format!("ALTER INDEX {} RENAME TO {}", qualified(&index.schema, &index.name), ident(had))
        });
    }
    for constraint in &live.constraints {
        let of = |other: &&Constraint| is_same(attached_to(other), attached_to(constraint));
        let had = archived.constraints.iter().find(of).map(|other| &other.name);
        rename(constraint.key(), had, &|had| {
            let table = qualified(&table.schema, &table.name);
            format!("ALTER TABLE {table} RENAME CONSTRAINT {} TO {}", ident(&constraint.name), ident(had))
        });
    }
    statements
}

/// Returns the statements that give a table the archived properties. `exists` returns whether a role exists.
pub fn properties(live: &Model, archived: &Model, exists: &dyn Fn(&str) -> bool) -> Result<Properties, PlanError> {
    let (Some(table), Some(was)) = (live.tables.first(), archived.tables.first()) else {
        return Ok(Properties::default());
    };
    let mut target = live.clone();
    let mut way = Way { table, was, exists, lost: Vec::new() };
    if let Some(table) = target.tables.first_mut() {
        way.table(table);
    }
    way.constraints(&mut target, archived);
    way.indexes(&mut target, archived);
    way.others(&mut target, archived);
    let options =
        Options { drops: false, concurrently: false, owner: false, small_table_rows: i64::MAX, ..Options::default() };
    let Way { mut lost, .. } = way;
    lost.sort();
    lost.dedup();
    Ok(Properties { steps: plan(live, &target, &[], &options)?, lost })
}

struct Way<'m> {
    /// The existing table; `was` is the archived one.
    table: &'m Table,
    was: &'m Table,
    exists: &'m dyn Fn(&str) -> bool,
    lost: Vec<String>,
}

impl Way<'_> {
    fn table(&mut self, table: &mut Table) {
        let was = self.was;
        table.options.clone_from(&was.options);
        table.toast_options.clone_from(&was.toast_options);
        table.persistence = was.persistence;
        table.access_method.clone_from(&was.access_method);
        table.tablespace.clone_from(&was.tablespace);
        table.replica_identity = was.replica_identity;
        table.row_security = was.row_security;
        table.force_row_security = was.force_row_security;
        table.comment.clone_from(&was.comment);
        table.security_labels.clone_from(&was.security_labels);
        table.privileges = was.privileges.as_deref().map(|grants| self.grants(grants));
        for column in &mut table.columns {
            if let Some(had) = was.columns.iter().find(|had| had.name == column.name) {
                self.column(column, had);
            }
        }
    }

    fn column(&mut self, column: &mut Column, had: &Column) {
        column.statistics_target = had.statistics_target;
        column.options.clone_from(&had.options);
        column.comment.clone_from(&had.comment);
        column.security_labels.clone_from(&had.security_labels);
        column.privileges = had.privileges.as_deref().map(|grants| self.grants(grants).into());
        if column.not_null.is_none() && had.not_null.as_ref().is_some_and(|not_null| !not_null.inherited) {
            column.not_null.clone_from(&had.not_null);
        }
        if column.data_type == had.data_type {
            column.storage = had.storage.or(column.storage);
            column.compression = had.compression.or(column.compression);
        }
        if column.generated.is_none() && had.generated.is_none() && had.default.is_some() {
            column.default.clone_from(&had.default);
        }
    }

    /// Returns grants with the table's owner as grantor, to existing roles.
    fn grants(&mut self, grants: &[Grant]) -> Vec<Grant> {
        let (old, new) = (self.was.owner.as_ref(), self.table.owner.as_ref());
        let mut merged: BTreeMap<Option<Name>, Grant> = BTreeMap::new();
        for grant in grants {
            let grantee = if grant.grantee.as_ref() == old { new.cloned() } else { grant.grantee.clone() };
            if let Some(role) = grantee.as_deref().filter(|role| !(self.exists)(role)) {
                self.lost.push(format!("privileges of role {}, which does not exist", ident(role)));
                continue;
            }
            let grantor = new.unwrap_or(&grant.grantor);
            let entry = merged.entry(grantee.clone()).or_insert_with(|| Grant {
                grantee,
                grantor: grantor.clone(),
                ..Grant::default()
            });
            entry.privileges.extend(&grant.privileges);
            entry.grantable.extend(&grant.grantable);
        }
        merged.into_values().collect()
    }

    fn constraints(&mut self, target: &mut Model, archived: &Model) {
        for had in &archived.constraints {
            if let Some(there) = target.constraints.iter_mut().find(|there| there.name == had.name) {
                there.comment.clone_from(&had.comment);
                if let (Some(index), Some(had)) = (&mut there.index, &had.index) {
                    index.clustered = had.clustered;
                    index.replica_identity = had.replica_identity;
                    index.comment.clone_from(&had.comment);
                    statistics(&mut index.statistics_targets, &had.statistics_targets);
                }
            } else if !had.inherited && attached_to(had).is_none() {
                let mut own = had.clone();
                (own.schema, own.table) = (self.table.schema.clone(), self.table.name.clone());
                target.constraints.push(own);
            }
        }
        target.constraints.sort_by_key(Object::key);
    }

    fn indexes(&mut self, target: &mut Model, archived: &Model) {
        for had in &archived.indexes {
            if let Some(there) = target.indexes.iter_mut().find(|there| there.name == had.name) {
                there.comment.clone_from(&had.comment);
                there.clustered = had.clustered;
                there.replica_identity = had.replica_identity;
                statistics(&mut there.statistics_targets, &had.statistics_targets);
            } else if had.attached_to.is_none() {
                let mut own = had.clone();
                (own.schema, own.table) = (self.table.schema.clone(), self.table.name.clone());
                target.indexes.push(own);
            }
        }
        target.indexes.sort_by_key(Object::key);
    }

    fn others(&mut self, target: &mut Model, archived: &Model) {
        let (schema, name) = (&self.table.schema, &self.table.name);
        let triggers =
            archived.triggers.iter().map(|had| Trigger { schema: schema.clone(), table: name.clone(), ..had.clone() });
        add(&mut target.triggers, triggers.collect());
        let statistics = archived.statistics_objects.iter().map(|had| {
            let mut own = had.clone();
            own.relation = self.table.key();
            if own.schema == self.was.schema {
                own.schema.clone_from(schema);
            }
            own
        });
        add(&mut target.statistics_objects, statistics.collect());
        // A rule is a whole statement: the author of a forged manifest could write any other.
        self.lost.extend(archived.rules.iter().map(|rule| format!("rule {}", ident(&rule.name))));
        let policies = archived.policies.iter().filter_map(|had| self.policy(had));
        let policies: Vec<Policy> = policies.collect();
        add(&mut target.policies, policies);
    }

    /// Returns a policy for those of its roles that exist. Without roles it would apply to all.
    fn policy(&mut self, had: &Policy) -> Option<Policy> {
        let (roles, gone): (Vec<Name>, Vec<Name>) = had.roles.iter().cloned().partition(|role| (self.exists)(role));
        let policy = ident(&had.name);
        self.lost
            .extend(gone.iter().map(|role| format!("policy {policy} for role {}, which does not exist", ident(role))));
        let (schema, table) = (self.table.schema.clone(), self.table.name.clone());
        (gone.is_empty() || !roles.is_empty()).then(|| Policy { schema, table, roles, ..had.clone() })
    }
}

/// Adds the elements that are missing.
fn add<T: Object>(list: &mut Vec<T>, others: Vec<T>) {
    for other in others {
        match list.iter_mut().find(|there| there.key() == other.key()) {
            Some(there) => *there = other,
            None => list.push(other),
        }
    }
    list.sort_by_key(Object::key);
}

fn statistics(targets: &mut Vec<IndexStatistics>, had: &[IndexStatistics]) {
    *targets = had.to_vec();
}

fn attached_to(constraint: &Constraint) -> Option<&RelationName> {
    constraint.index.as_ref().and_then(|index| index.attached_to.as_ref())
}

/// Returns whether two indexes are attached to the same index of the parent, whose schema may have changed.
fn is_same(one: Option<&RelationName>, other: Option<&RelationName>) -> bool {
    matches!((one, other), (Some(one), Some(other)) if one.name == other.name)
}

#[cfg(test)]
#[allow(clippy::panic)]
mod tests {
    use super::*;
    use crate::model::{ConstraintIndex, ConstraintKind, Privilege};

    fn model(json: &str) -> Model {
        match Model::from_json(json) {
            Ok(model) => model,
            Err(error) => panic!("{error}"),
        }
    }

    fn live() -> Model {
        model(
            r#"{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "s", "name": "n", "owner": "o",
                "columns": [{"name": "a", "data_type": "bigint"}],
                "partition_of": {"parent": {"schema": "s", "name": "p"}, "bound": "DEFAULT"}}],
            "indexes": [{"schema": "s", "name": "n_a_idx", "table": "n", "method": "btree", "columns": [{"column": "a"}],
                "attached_to": {"schema": "s", "name": "p_a"}}]}"#,
        )
    }

    fn statements(archived: &Model) -> (Vec<String>, Vec<String>) {
        let Properties { steps, lost } =
            properties(&live(), archived, &|role| role != "gone").unwrap_or_else(|error| panic!("{error}"));
        (steps.into_iter().map(|step| step.statement.sql).collect(), lost)
    }

    #[test]
    fn own_properties_are_restored_under_new_names() {
        let archived = model(
            r#"{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "s", "name": "t", "owner": "was",
                "columns": [{"name": "a", "data_type": "integer", "statistics_target": 5}, {"name": "b", "data_type": "integer"}],
                "row_security": true, "comment": "c", "options": [{"name": "fillfactor", "value": "70"}],
                "privileges": [{"grantee": "was", "grantor": "was", "privileges": ["SELECT"]},
                    {"grantee": "r", "grantor": "other", "privileges": ["SELECT"]},
                    {"grantee": "gone", "grantor": "was", "privileges": ["SELECT"]}]}],
            "policies": [{"schema": "s", "table": "t", "name": "x", "roles": ["gone"]},
                {"schema": "s", "table": "t", "name": "y", "roles": ["gone", "r"]}],
            "indexes": [{"schema": "s", "name": "own", "table": "t", "method": "btree", "columns": [{"column": "a"}]},
                {"schema": "s", "name": "parents", "table": "t", "method": "btree", "columns": [{"column": "a"}],
                    "attached_to": {"schema": "s", "name": "dropped since"}}]}"#,
        );
        let (statements, lost) = statements(&archived);
        let all = statements.join(";\n");
        for wanted in [
            "ALTER TABLE s.n SET (fillfactor=70)",
            "ALTER TABLE s.n ENABLE ROW LEVEL SECURITY",
            "CREATE INDEX own ON s.n USING btree (a)",
            "COMMENT ON TABLE s.n IS 'c'",
            "CREATE POLICY y ON s.n TO r",
            "GRANT SELECT ON TABLE s.n TO r",
            "SET STATISTICS 5",
        ] {
            assert!(all.contains(wanted), "{wanted}: {all}");
        }
        for unwanted in ["parents", "gone", "TYPE", "OWNER", "POLICY x", "SET SESSION", "DROP", " b "] {
            assert!(!all.contains(unwanted), "{unwanted}: {all}");
        }
        assert_eq!(lost.len(), 3, "{lost:?}");
    }

    #[test]
    fn existing_properties_are_not_changed() {
        let (statements, lost) = statements(&live());
        assert!(statements.is_empty() && lost.is_empty(), "{statements:?} {lost:?}");
    }

    #[test]
    fn indexes_of_the_parent_regain_their_names() {
        let mut archived = live();
        archived.indexes[0].name = "Had".into();
        let sql: Vec<String> = names(&live(), &archived).into_iter().map(|statement| statement.sql).collect();
        assert_eq!(sql, ["ALTER INDEX s.n_a_idx RENAME TO \"Had\""]);
        let of = |name: &str| {
            let attached = RelationName { schema: "s".into(), name: "p_pkey".into() };
            let index = ConstraintIndex { attached_to: Some(attached), ..ConstraintIndex::default() };
            Constraint {
                schema: "s".into(),
                table: "n".into(),
                name: name.into(),
                kind: ConstraintKind::PrimaryKey,
                index: Some(Box::new(index)),
                ..Constraint::default()
            }
        };
        let (mut there, mut had) = (live(), live());
        there.constraints.push(of("n_pkey"));
        had.constraints.push(of("key"));
        let sql: Vec<String> = names(&there, &had).into_iter().map(|statement| statement.sql).collect();
        assert_eq!(sql, ["ALTER TABLE s.n RENAME CONSTRAINT n_pkey TO key"]);
        had.constraints[0].name = "n_a_idx".into();
        assert!(names(&there, &had).is_empty(), "a name that is taken");
        let grant = Grant { privileges: [Privilege::Select].into(), ..Grant::default() };
        assert!(grant.grantee.is_none());
    }
}
