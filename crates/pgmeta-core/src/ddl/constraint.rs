//! Table constraints as DDL; valid checks stand in CREATE TABLE, but are printed here.

use std::fmt::Write;

use crate::ddl::context::Context;
use crate::ddl::index::{marks, statistics_statements};
use crate::ddl::options::Section;
use crate::ddl::render::{Part, Render, Script};
use crate::ddl::shared;
use crate::ddl::table::storage_parameters;
use crate::ident::{dollar_quoted, ident, ident_list, literal, qualified};
use crate::model::{
    Constraint, ConstraintIndex, ConstraintKind, ForeignKey, ForeignKeyAction, ForeignKeyMatch, ObjectKey,
    RelationName, parent_index_keys,
};

/// Returns a check as CREATE TABLE and ADD CONSTRAINT take it.
pub fn check_clause(check: &Constraint) -> String {
    let condition = check.expression.as_deref().unwrap_or("(true)");
    // The server's text has parentheses unless it is a bare function call or boolean.
    let mut text =
        if is_parenthesized(condition) { format!("CHECK {condition}") } else { format!("CHECK ({condition})") };
    if check.no_inherit {
        text.push_str(" NO INHERIT");
    }
    text.push_str(state_clauses(check));
    text
}

/// Returns whether one pair of parentheses encloses the whole text.
pub fn is_parenthesized(text: &str) -> bool {
    if !text.starts_with('(') || !text.ends_with(')') {
        return false;
    }
    let (mut depth, mut quote) = (0usize, None);
    for (at, byte) in text.bytes().enumerate() {
        match (quote, byte) {
            (Some(open), byte) if open == byte => quote = None,
            (Some(_), _) => {}
            (None, b'\'' | b'"') => quote = Some(byte),
            (None, b'(') => depth += 1,
            (None, b')') => {
                depth = depth.saturating_sub(1);
                if depth == 0 && at + 1 < text.len() {
                    return false;
                }
            }
            (None, _) => {}
        }
    }
    depth == 0
}

fn state_clauses(constraint: &Constraint) -> &'static str {
    // A constraint that is not enforced is not valid either, and says only the former.
    match (constraint.not_enforced, constraint.not_valid) {
        (true, _) => " NOT ENFORCED",
        (false, true) => " NOT VALID",
        (false, false) => "",
    }
}

impl ForeignKey {
    fn clause(&self, columns: &[crate::ident::Name], period: bool) -> String {
        let list = |columns: &[crate::ident::Name]| match columns.split_last() {
            Some((last, first)) if period => {
                let first = ident_list(first);
                let comma = if first.is_empty() { "" } else { ", " };
                format!("{first}{comma}PERIOD {}", ident(last))
            }
            _ => ident_list(columns),
        };
        let table = qualified(&self.table.schema, &self.table.name);
        let mut text = format!("FOREIGN KEY ({}) REFERENCES {table}({})", list(columns), list(&self.columns));
        if self.matching != ForeignKeyMatch::Simple {
            let _ = write!(text, " MATCH {}", self.matching.word());
        }
        if self.on_update != ForeignKeyAction::NoAction {
            let _ = write!(text, " ON UPDATE {}", self.on_update.word());
        }
        if self.on_delete != ForeignKeyAction::NoAction {
            let _ = write!(text, " ON DELETE {}", self.on_delete.word());
        }
        if !self.on_delete_columns.is_empty() {
            let _ = write!(text, " ({})", ident_list(&self.on_delete_columns));
        }
        text
    }
}

impl Constraint {
    fn table_name(&self) -> String {
        qualified(&self.schema, &self.table)
    }

    fn index_clause(&self, word: &str, index: &ConstraintIndex, cx: &Context<'_>) -> String {
        let mut text = word.to_owned();
        if index.nulls_not_distinct {
            text.push_str(" NULLS NOT DISTINCT");
        }
        let overlaps = if self.period { " WITHOUT OVERLAPS" } else { "" };
        let _ = write!(text, " ({}{overlaps})", ident_list(&self.columns));
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

    /// Returns what follows the constraint's name.
    fn definition(&self, cx: &Context<'_>) -> String {
        let none = ConstraintIndex::default();
        let index = self.index.as_deref().unwrap_or(&none);
        let mut text = match (self.kind, &self.foreign_key) {
            (ConstraintKind::Check, _) => return check_clause(self),
            // The server's text already says whether it is deferrable.
            (ConstraintKind::Exclusion, _) => return self.expression.clone().unwrap_or_default(),
            (ConstraintKind::ForeignKey, Some(key)) => key.clause(&self.columns, self.period),
            (ConstraintKind::PrimaryKey, _) => self.index_clause("PRIMARY KEY", index, cx),
            (ConstraintKind::Unique | ConstraintKind::ForeignKey, _) => self.index_clause("UNIQUE", index, cx),
        };
        if self.deferrable {
            text.push_str(" DEFERRABLE");
        }
        if self.initially_deferred {
            text.push_str(" INITIALLY DEFERRED");
        }
        text + state_clauses(self)
    }
}

impl Render for Constraint {
    fn target(&self) -> String {
        format!("CONSTRAINT {} ON {}", ident(&self.name), self.table_name())
    }

    /// Only an index can depend on an extension.
    fn dependent_target(&self) -> String {
        format!("INDEX {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        if self.inherited {
            return;
        }
        // Checks go down to children by themselves; a foreign key of a partitioned table must.
        let only = match self.kind {
            ConstraintKind::Check => "",
            ConstraintKind::ForeignKey if self.on_partitioned => "",
            _ if self.excludes() => "",
            _ => "ONLY ",
        };
        let (keyword, table, name) = (self.table_keyword(), self.table_name(), ident(&self.name));
        let definition = self.definition(cx);
        // A table has one primary key, whatever its name.
        let second: &[&str] = if self.kind == ConstraintKind::PrimaryKey { &["invalid_table_definition"] } else { &[] };
        let sql = format_args!("ALTER {keyword} {only}{table} ADD CONSTRAINT {name} {definition}");
        match self.made_by_parent() {
            Some(parent) => out.statement(self.renaming(parent)),
            None => out.create_unless(cx, second, sql),
        }
        if let Some(index) = &self.index {
            statistics_statements(&self.schema, &self.name, &index.statistics_targets, out);
            marks(&self.schema, &self.table, &self.name, index.clustered, index.replica_identity, false, out);
        }
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        if let Some(comment) = self.index.as_ref().and_then(|index| index.comment.as_deref()) {
            let target = format!("INDEX {}", qualified(&self.schema, &self.name));
            shared::comment(cx, &target, Some(comment), out);
        }
    }

    fn section(&self) -> Section {
        Section::PostData
    }

    fn parts(&self) -> Vec<(Part, Section, Vec<ObjectKey>)> {
        match self.index.as_ref().and_then(|index| index.attached_to.as_ref()) {
            Some(parent) if !self.excludes() => {
                vec![(Part::Attach, Section::PostData, parent_index_keys(parent))]
            }
            _ => Vec::new(),
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

    fn undo(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        // The indexes of a partition tree hold each other, so that only the tables can take them along.
        let held = self.index.as_ref().is_some_and(|index| index.attached_to.is_some() || self.on_partitioned);
        (part == Part::Main && !self.inherited && !held).then(|| {
            let (keyword, table) = (self.table_keyword(), self.table_name());
            format!("ALTER {keyword} IF EXISTS {table} DROP CONSTRAINT IF EXISTS {}", ident(&self.name))
        })
    }
}

impl Constraint {
    /// Returns the statement that gives what the parent's constraint made its name.
    fn renaming(&self, parent: &RelationName) -> String {
        let (table, name) = (literal(&self.table_name()), literal(&ident(&self.name)));
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
            literal(&self.name)
        );
        format!("DO {}", dollar_quoted(&body))
    }
}
