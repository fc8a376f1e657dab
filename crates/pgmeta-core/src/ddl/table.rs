//! Tables as DDL. Constraints with an index, foreign keys and indexes are printed by their own files.

use rustc_hash::FxHashSet;

use crate::ddl::column;
use crate::ddl::constraint::check_clause;
use crate::ddl::context::Context;
use crate::ddl::options::Section;
use crate::ddl::render::{Part, Render, Script, drop_if_exists};
use crate::ddl::shared;
use crate::ident::{ident, qualified};
use crate::model::{ObjectKey, Persistence, ReplicaIdentity, Setting, Table};

/// Returns ` WITH (…)` for storage parameters, those of the TOAST table with their prefix.
pub fn storage_parameters(options: &[Setting], toast: &[Setting]) -> String {
    if options.is_empty() && toast.is_empty() {
        return String::new();
    }
    let print =
        |prefix: &str, option: &Setting| format!("{prefix}{}={}", ident(&option.name), parameter_value(&option.value));
    let own = options.iter().map(|option| print("", option));
    let all = own.chain(toast.iter().map(|option| print("toast.", option)));
    format!(" WITH ({})", all.collect::<Vec<_>>().join(", "))
}

/// Returns the value of a storage parameter: words stand for themselves, the rest as a literal, so that no value
/// can be read as anything else.
pub fn parameter_value(value: &str) -> String {
    let word = !value.is_empty() && ident(value) == value;
    let number = value.parse::<f64>().is_ok() && value.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b'-'));
    if word || number { value.to_owned() } else { crate::ident::literal(value) }
}

impl Table {
    fn qualified(&self) -> String {
        qualified(&self.schema, &self.name)
    }

    /// Returns `ALTER TABLE ONLY x`.
    fn alter(&self) -> String {
        format!("ALTER {} ONLY {}", self.keyword(), self.qualified())
    }

    /// Returns what stands between the parentheses of CREATE TABLE.
    fn elements(&self, cx: &Context<'_>) -> Vec<String> {
        let positions = 0..self.columns.len();
        let wanted = positions.filter(|&position| match &self.of_type {
            Some(_) => column::has_own_options(self, position, cx),
            None => column::is_declared(self, &self.columns[position]),
        });
        let mut elements: Vec<String> = wanted.map(|position| column::definition(self, position, cx)).collect();
        for check in cx.inline_checks(self) {
            if !check.inherited || self.partition_of.is_some() {
                elements.push(format!("CONSTRAINT {} {}", ident(&check.name), check_clause(check)));
            }
        }
        elements.extend(self.columns.iter().filter_map(|column| column::own_not_null(self, column, cx)));
        elements
    }

    /// Returns whether the table must be made alone and get its parents afterwards: INHERITS puts the parents' columns
    /// first, and the catalog has them in another order. Only possible where it declares all that they have.
    pub(super) fn inherits_later(&self, cx: &Context<'_>) -> bool {
        let declared = self.columns.iter().all(|column| {
            !column.inherited
                && column.not_null.as_ref().is_none_or(|not_null| !not_null.inherited || not_null.name.is_none())
        });
        if self.inherits.is_empty() || !declared || cx.inline_checks(self).iter().any(|check| check.inherited) {
            return false;
        }
        let mut merged: Vec<&str> = Vec::with_capacity(self.columns.len());
        for parent in &self.inherits {
            let Some(parent) = cx.table(&parent.schema, &parent.name) else { return false };
            merged.extend(parent.columns.iter().map(|column| &*column.name));
        }
        merged.extend(self.columns.iter().map(|column| &*column.name));
        let mut seen = FxHashSet::default();
        merged.retain(|name| seen.insert(*name));
        !merged.iter().copied().eq(self.columns.iter().map(|column| &*column.name))
    }
}

impl Render for Table {
    fn target(&self) -> String {
        format!("{} {}", self.keyword(), self.qualified())
    }

    fn grant_target(&self) -> String {
        format!("TABLE {}", self.qualified())
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let unlogged = if self.persistence == Persistence::Unlogged { "UNLOGGED " } else { "" };
        let mut text = format!("CREATE {unlogged}{} {}{}", self.keyword(), cx.if_not_exists(), self.qualified());
        let elements = self.elements(cx);
        if let Some(of_type) = &self.of_type {
            text += &format!(" OF {of_type}");
        }
        if !elements.is_empty() {
            text += &format!(" (\n    {}\n)", elements.join(",\n    "));
        } else if self.of_type.is_none() {
            text += " (\n)";
        }
        let later = self.inherits_later(cx);
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
            out.create(cx, format_args!("ALTER {} {} INHERIT {parent}", self.keyword(), self.qualified()));
        }
        let alter = self.alter();
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
                && column::added_later(column).is_none()
            {
                column::comment_on_not_null(self, column, constraint, cx, out);
            }
        }
        for check in cx.inline_checks(self) {
            shared::comment(cx, &check.comment_target(), check.comment.as_deref(), out);
        }
        shared::columns(
            cx,
            &self.qualified(),
            &self.grant_target(),
            self.owner.as_ref(),
            self.columns.iter().map(|column| &**column),
            out,
        );
    }

    fn parts(&self) -> Vec<(Part, Section, Vec<ObjectKey>)> {
        let mut parts = Vec::new();
        if let Some(partition) = &self.partition_of {
            let parent = Self::relation_keys(std::iter::once(&partition.parent)).collect();
            parts.push((Part::Attach, Section::PreData, parent));
        }
        for (position, column) in self.columns.iter().enumerate() {
            if column::added_later(column).is_some() {
                parts.push((Part::NotNull(position), Section::PostData, Vec::new()));
            }
        }
        if self.row_security || self.force_row_security {
            parts.push((Part::RowSecurity, Section::PostData, Vec::new()));
        }
        parts
    }

    fn part(&self, part: Part, cx: &Context<'_>, out: &mut Script) {
        match part {
            Part::Attach => {
                if let Some(partition) = &self.partition_of {
                    let parent = qualified(&partition.parent.schema, &partition.parent.name);
                    let bound = &partition.bound;
                    out.create_unless(
                        cx,
                        // A partition that is attached already.
                        &["wrong_object_type"],
                        format_args!("ALTER TABLE ONLY {parent} ATTACH PARTITION {} {bound}", self.qualified()),
                    );
                }
            }
            Part::RowSecurity => {
                if self.row_security {
                    out.statement(format_args!("ALTER TABLE {} ENABLE ROW LEVEL SECURITY", self.qualified()));
                }
                if self.force_row_security {
                    out.statement(format_args!("ALTER TABLE ONLY {} FORCE ROW LEVEL SECURITY", self.qualified()));
                }
            }
            Part::Default(position) => {
                if let Some(column) = self.columns.get(position)
                    && let Some(default) = &column.default
                {
                    let name = ident(&column.name);
                    out.statement(format_args!("{} ALTER COLUMN {name} SET DEFAULT {default}", self.alter()));
                }
            }
            Part::NotNull(position) => {
                if let Some(column) = self.columns.get(position)
                    && let Some(constraint) = column::added_later(column)
                {
                    // Not ONLY: the children inherit it.
                    let (keyword, table) = (self.keyword(), self.qualified());
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

    fn undo(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        match part {
            Part::Main => Some(drop_if_exists(&self.target())),
            // What a default needs can only go when the default has gone.
            Part::Default(position) => {
                let name = ident(&self.columns.get(position)?.name);
                Some(format!(
                    "ALTER {} IF EXISTS ONLY {} ALTER COLUMN {name} DROP DEFAULT",
                    self.keyword(),
                    self.qualified()
                ))
            }
            _ => None,
        }
    }
}
