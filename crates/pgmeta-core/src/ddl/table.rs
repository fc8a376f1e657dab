//! Tables as DDL. Other files print constraints with an index, foreign keys and indexes.

use crate::ddl::check::check_clause;
use crate::ddl::column;
use crate::ddl::context::Context;
use crate::ddl::inheritance::inherits_later;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ddl::settings::storage_parameters;
use crate::ddl::shared;
use crate::ident::{ident, qualified};
use crate::model::{Part, Persistence, ReplicaIdentity, Table};

fn qualified_name(table: &Table) -> String {
    qualified(&table.schema, &table.name)
}

/// Returns `ALTER TABLE ONLY x`.
fn alter_only(table: &Table) -> String {
    format!("ALTER {} ONLY {}", table.keyword(), qualified_name(table))
}

/// Returns the elements between the parentheses of CREATE TABLE.
fn elements(table: &Table, cx: &Context<'_>) -> Vec<String> {
    let positions = 0..table.columns.len();
    let wanted = positions.filter(|&position| match &table.of_type {
        Some(_) => column::has_own_options(table, position, cx),
        None => column::is_declared(table, &table.columns[position]),
    });
    let mut elements: Vec<String> = wanted.map(|position| column::definition(table, position, cx)).collect();
    for check in cx.inline_checks(table) {
        if !check.inherited || table.partition_of.is_some() {
            elements.push(format!("CONSTRAINT {} {}", ident(&check.name), check_clause(check)));
        }
    }
    elements.extend(table.columns.iter().filter_map(|column| column::own_not_null(table, column, cx)));
    elements
}

impl Render for Table {
    fn target(&self) -> String {
        format!("{} {}", self.keyword(), qualified_name(self))
    }

    fn grant_target(&self) -> String {
        format!("TABLE {}", qualified_name(self))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let unlogged = if self.persistence == Persistence::Unlogged { "UNLOGGED " } else { "" };
        let mut text = format!("CREATE {unlogged}{} {}{}", self.keyword(), cx.if_not_exists(), qualified_name(self));
        let elements = elements(self, cx);
        if let Some(of_type) = &self.of_type {
            text += &format!(" OF {of_type}");
        }
        if !elements.is_empty() {
            text += &format!(" (\n    {}\n)", elements.join(",\n    "));
        } else if self.of_type.is_none() {
            text += " (\n)";
        }
        let later = inherits_later(self, cx);
        if !self.inherits.is_empty() && !later {
            let parents = self.inherits.iter().map(|parent| qualified(&parent.schema, &parent.name));
            text += &format!("\nINHERITS ({})", parents.collect::<Vec<_>>().join(", "));
        }
        if let Some(key) = &self.partition_by {
            text += &format!("\nPARTITION BY {key}");
        }
        if let Some(foreign) = &self.foreign {
            text += &format!("\nSERVER {}{}", ident(&foreign.server), column::foreign_options(&foreign.options));
        }
        if let Some(method) = &self.access_method {
            text += &format!("\nUSING {}", ident(method));
        }
        let parameters = storage_parameters(&self.options, &self.toast_options);
        if !parameters.is_empty() {
            text += &format!("\n{}", parameters.trim_start());
        }
        let tablespace = cx.tablespace(self.tablespace.as_ref());
        if !tablespace.is_empty() {
            text += &format!("\n{}", tablespace.trim_start());
        }
        out.statement(text);
        for parent in self.inherits.iter().filter(|_| later) {
            let parent = qualified(&parent.schema, &parent.name);
            out.create(cx, format_args!("ALTER {} {} INHERIT {parent}", self.keyword(), qualified_name(self)));
        }
        let alter = alter_only(self);
        column::inherited_statements(self, &alter, cx, out);
        column::storage_statements(&alter, self.columns.iter().map(|column| &**column), out);
        match self.replica_identity {
            ReplicaIdentity::Nothing => out.statement(format_args!("{alter} REPLICA IDENTITY NOTHING")),
            ReplicaIdentity::Full => out.statement(format_args!("{alter} REPLICA IDENTITY FULL")),
            ReplicaIdentity::Default | ReplicaIdentity::Index => {}
        }
    }

    fn finish(&self, cx: &Context<'_>, out: &mut Script) {
        for column in &self.columns {
            if let Some(constraint) = &column.not_null
                && column.separate_not_null().is_none()
            {
                column::comment_on_not_null(self, column, constraint, cx, out);
            }
        }
        for check in cx.inline_checks(self) {
            shared::comment(cx, &check.comment_target(), check.comment.as_deref(), out);
        }
        shared::columns(
            cx,
            &qualified_name(self),
            &self.grant_target(),
            self.owner.as_ref(),
            self.columns.iter().map(|column| &**column),
            out,
        );
    }

    fn part(&self, part: Part, cx: &Context<'_>, out: &mut Script) {
        match part {
            Part::Attach => {
                if let Some(partition) = &self.partition_of {
                    let parent = qualified(&partition.parent.schema, &partition.parent.name);
                    let bound = &partition.bound;
                    out.create_unless(
                        cx,
                        // The partition is attached already.
                        &["wrong_object_type"],
                        format_args!("ALTER TABLE ONLY {parent} ATTACH PARTITION {} {bound}", qualified_name(self)),
                    );
                }
            }
            Part::RowSecurity => {
                if self.row_security {
                    out.statement(format_args!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", qualified_name(self)));
                }
                if self.force_row_security {
                    out.statement(format_args!("ALTER TABLE ONLY {} FORCE ROW LEVEL SECURITY", qualified_name(self)));
                }
            }
            Part::Default(position) => {
                if let Some(column) = self.columns.get(position)
                    && let Some(default) = &column.default
                {
                    let name = ident(&column.name);
                    out.statement(format_args!("{} ALTER COLUMN {name} SET DEFAULT {default}", alter_only(self)));
                }
            }
            Part::NotNull(position) => {
                if let Some(column) = self.columns.get(position)
                    && let Some(constraint) = column.separate_not_null()
                {
                    // Not ONLY: the children inherit it.
                    let (keyword, table) = (self.keyword(), qualified_name(self));
                    let (name, column_name) = (column::not_null_name(self, column, constraint), ident(&column.name));
                    let no_inherit = if constraint.no_inherit { " NO INHERIT" } else { "" };
                    out.create(
                        cx,
                        format_args!(
                            "ALTER {keyword} {table} ADD CONSTRAINT {name} NOT NULL {column_name}{no_inherit} NOT VALID"
                        ),
                    );
                    column::comment_on_not_null(self, column, constraint, cx, out);
                }
            }
            Part::Main | Part::Shell | Part::Placeholder | Part::OwnedBy | Part::Check(_) | Part::Refresh => {}
        }
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        match part {
            Part::Main => Some(drop_if_exists(&self.target())),
            // An object that a default needs can be dropped only after the default.
            Part::Default(position) => {
                let name = ident(&self.columns.get(position)?.name);
                Some(format!(
                    "ALTER {} IF EXISTS ONLY {} ALTER COLUMN {name} DROP DEFAULT",
                    self.keyword(),
                    qualified_name(self)
                ))
            }
            _ => None,
        }
    }
}
