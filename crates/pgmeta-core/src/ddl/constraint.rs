//! Table constraints as DDL. CREATE TABLE contains valid checks, but this file prints their clauses.

use std::fmt::Write;

use crate::ddl::check::{check_clause, state_clauses};
use crate::ddl::context::Context;
use crate::ddl::index::{append_table_attributes, statistics_statements};
use crate::ddl::render::{Render, Script};
use crate::ddl::settings::storage_parameters;
use crate::ddl::shared;
use crate::ident::{dollar_quoted, ident, ident_list, literal, qualified};
use crate::model::{
    Constraint, ConstraintIndex, ConstraintKind, ForeignKey, ForeignKeyAction, ForeignKeyMatch, Part, RelationName,
};

fn foreign_key_clause(key: &ForeignKey, columns: &[crate::ident::Name], period: bool) -> String {
    let list = |columns: &[crate::ident::Name]| match columns.split_last() {
        Some((last, first)) if period => {
            let first = ident_list(first);
            let comma = if first.is_empty() { "" } else { ", " };
            format!("{first}{comma}PERIOD {}", ident(last))
        }
        _ => ident_list(columns),
    };
    let table = qualified(&key.table.schema, &key.table.name);
    let mut text = format!("FOREIGN KEY ({}) REFERENCES {table}({})", list(columns), list(&key.columns));
    if key.matching != ForeignKeyMatch::Simple {
        let _ = write!(text, " MATCH {}", key.matching.word());
    }
    if key.on_update != ForeignKeyAction::NoAction {
        let _ = write!(text, " ON UPDATE {}", key.on_update.word());
    }
    if key.on_delete != ForeignKeyAction::NoAction {
        let _ = write!(text, " ON DELETE {}", key.on_delete.word());
    }
    if !key.on_delete_columns.is_empty() {
        let _ = write!(text, " ({})", ident_list(&key.on_delete_columns));
    }
    text
}

fn table_name(constraint: &Constraint) -> String {
    qualified(&constraint.schema, &constraint.table)
}

fn index_clause(constraint: &Constraint, word: &str, index: &ConstraintIndex, cx: &Context<'_>) -> String {
    let mut text = word.to_owned();
    if index.nulls_not_distinct {
        text.push_str(" NULLS NOT DISTINCT");
    }
    let overlaps = if constraint.period { " WITHOUT OVERLAPS" } else { "" };
    let _ = write!(text, " ({}{overlaps})", ident_list(&constraint.columns));
    if !index.include.is_empty() {
        let _ = write!(text, " INCLUDE ({})", ident_list(&index.include));
    }
    text.push_str(&storage_parameters(&index.options, &[]));
    let tablespace = cx.tablespace(index.tablespace.as_ref());
    if !tablespace.is_empty() {
        let _ = write!(text, " USING INDEX{tablespace}");
    }
    text
}

/// Returns the definition after the constraint's name.
fn definition(constraint: &Constraint, cx: &Context<'_>) -> String {
    let none = ConstraintIndex::default();
    let index = constraint.index.as_deref().unwrap_or(&none);
    let mut text = match (constraint.kind, &constraint.foreign_key) {
        (ConstraintKind::Check, _) => return check_clause(constraint),
        // The server's text includes DEFERRABLE.
        (ConstraintKind::Exclusion, _) => return constraint.expression.clone().unwrap_or_default(),
        (ConstraintKind::ForeignKey, Some(key)) => foreign_key_clause(key, &constraint.columns, constraint.period),
        (ConstraintKind::PrimaryKey, _) => index_clause(constraint, "PRIMARY KEY", index, cx),
        (ConstraintKind::Unique | ConstraintKind::ForeignKey, _) => index_clause(constraint, "UNIQUE", index, cx),
    };
    if constraint.deferrable {
        text.push_str(" DEFERRABLE");
    }
    if constraint.initially_deferred {
        text.push_str(" INITIALLY DEFERRED");
    }
    text + state_clauses(constraint)
}

impl Render for Constraint {
    fn target(&self) -> String {
        format!("CONSTRAINT {} ON {}", ident(&self.name), table_name(self))
    }

    /// Only an index can depend on an extension.
    fn dependent_target(&self) -> String {
        format!("INDEX {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if self.inherited {
            return;
        }
        // Children inherit checks, and partitions inherit foreign keys: no ONLY.
        let only = match self.kind {
            ConstraintKind::Check => "",
            ConstraintKind::ForeignKey if self.on_partitioned => "",
            _ if self.excludes() => "",
            _ => "ONLY ",
        };
        let (keyword, table, name) = (self.table_keyword(), table_name(self), ident(&self.name));
        let definition = definition(self, cx);
        // A table has one primary key under any name.
        let second: &[&str] = if self.kind == ConstraintKind::PrimaryKey { &["invalid_table_definition"] } else { &[] };
        let sql = format_args!("ALTER {keyword} {only}{table} ADD CONSTRAINT {name} {definition}");
        match self.created_by_parent() {
            Some(parent) => out.statement(renaming(self, parent)),
            None => out.create_unless(cx, second, sql),
        }
        if let Some(index) = &self.index {
            statistics_statements(&self.schema, &self.name, &index.statistics_targets, out);
            append_table_attributes(
                &self.schema,
                &self.table,
                &self.name,
                index.clustered,
                index.replica_identity,
                false,
                out,
            );
        }
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        if let Some(comment) = self.index.as_ref().and_then(|index| index.comment.as_deref()) {
            let target = format!("INDEX {}", qualified(&self.schema, &self.name));
            shared::comment(cx, &target, Some(comment), out);
        }
    }

    fn part(&self, _part: Part, _cx: &Context<'_>, out: &mut Script) {
        if let Some(parent) = self.index.as_ref().and_then(|index| index.attached_to.as_ref()) {
            let parent = qualified(&parent.schema, &parent.name);
            out.statement(format_args!(
                "ALTER INDEX {parent} ATTACH PARTITION {}",
                qualified(&self.schema, &self.name)
            ));
        }
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        // The indexes of a partition tree depend on each other: only DROP TABLE can drop them.
        let held = self.index.as_ref().is_some_and(|index| index.attached_to.is_some() || self.on_partitioned);
        (part == Part::Main && !self.inherited && !held).then(|| {
            let (keyword, table) = (self.table_keyword(), table_name(self));
            format!("ALTER {keyword} IF EXISTS {table} DROP CONSTRAINT IF EXISTS {}", ident(&self.name))
        })
    }
}

/// Returns the statement that renames the constraint which the server created for the parent's.
fn renaming(constraint: &Constraint, parent: &RelationName) -> String {
    let (table, name) = (literal(&table_name(constraint)), literal(&ident(&constraint.name)));
    let body = format!(
        "
DECLARE
chosen name := (
    SELECT n.conname FROM pg_catalog.pg_constraint n JOIN pg_catalog.pg_inherits i ON i.inhrelid = n.conindid
    WHERE n.conrelid = {table}::pg_catalog.regclass AND i.inhparent = {}::pg_catalog.regclass
      AND n.contype IN ('p', 'u', 'x')
);
BEGIN
IF chosen <> {} THEN
    EXECUTE pg_catalog.format('ALTER TABLE %s RENAME CONSTRAINT %I TO %s', {table}, chosen, {name});
END IF;
END
",
        literal(&qualified(&parent.schema, &parent.name)),
        literal(&constraint.name)
    );
    format!("DO {}", dollar_quoted(&body))
}
