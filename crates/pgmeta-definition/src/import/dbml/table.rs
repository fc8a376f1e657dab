//! Tables with their indexes and checks.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;

use super::syntax::{Element, Entry, Line};
use super::token::{Kind, Token};
use super::{Reading, qualified, setting_text};
use crate::constraint::{CheckDefinition, FullCheck, FullKey, KeyDefinition};
use crate::index::{FullIndexColumn, IndexColumnDefinition, IndexDefinition};
use crate::table::TableDefinition;
use crate::validate::Level;

impl Reading {
    pub(super) fn table(&mut self, element: &Element) {
        let at = element.head.iter().position(|token| token.is("as")).unwrap_or(element.head.len());
        let (name, alias) = element.head.split_at_checked(at).unwrap_or((&element.head, &[]));
        let Some((schema, name)) = qualified(name) else {
            return self.remark(
                element.line,
                "MISSING_REQUIRED_FIELD",
                Level::Error,
                "the table has no name; it is left out.",
            );
        };
        if let Some(alias) = alias.get(1) {
            self.aliases.insert(alias.text.as_str().into(), (schema.clone(), name.clone()));
        }
        self.unread(alias.get(2..), "the table");
        self.no_value(element);
        self.unknown_settings(&element.settings, &[("note", 1)]);
        let mut table = TableDefinition {
            name,
            schema,
            comment: setting_text(&element.settings, "note"),
            ..TableDefinition::default()
        };
        let mut key = Vec::new();
        for entry in &element.body {
            check();
            match entry {
                Entry::Line(line) => self.column(line, &mut table, &mut key),
                Entry::Element(own) if own.word == "note" => table.comment = self.note(own),
                Entry::Element(own) => self.inner(own, &mut table),
            }
        }
        match &*key {
            [only] => table.columns.iter_mut().filter(|own| own.name == *only).for_each(|own| own.primary_key = true),
            [] if table.primary_key.is_none() => {
                let message = format!("table {} has no primary key; none is made.", table.name);
                self.remark(element.line, "MISSING_PRIMARY_KEY", Level::Warning, &message);
            }
            [] => {}
            _ => table.primary_key = Some(KeyDefinition(FullKey { columns: key, ..FullKey::default() })),
        }
        self.imported.definition.tables.push(table);
    }

    /// Reads the indexes or checks of a table.
    fn inner(&mut self, element: &Element, table: &mut TableDefinition) {
        self.unread(Some(&element.head), &format!("the {}", element.word));
        self.unknown_settings(&element.settings, &[]);
        for entry in &element.body {
            let Entry::Line(line) = entry else {
                self.not_taken(element.line, "what it holds");
                continue;
            };
            match (&*element.word, line.tokens.first()) {
                ("checks", Some(own)) if own.kind == Kind::Expression => {
                    self.unread(line.tokens.get(1..), "the check");
                    self.unknown_settings(&line.settings, &[("name", 1)]);
                    let name = setting_text(&line.settings, "name").map(Name::from);
                    table.checks.push(CheckDefinition(FullCheck {
                        expression: own.text.clone(),
                        name,
                        ..FullCheck::default()
                    }));
                }
                ("checks", _) => self.remark(
                    line.line,
                    "UNKNOWN_WORD",
                    Level::Error,
                    "a check is an expression in back quotes; it is left out.",
                ),
                _ => self.index(line, table),
            }
        }
    }

    fn index(&mut self, line: &Line, table: &mut TableDefinition) {
        self.unknown_settings(&line.settings, &[("pk", 0), ("unique", 0), ("name", 1), ("type", 1), ("note", 1)]);
        let has = |key: &str| line.settings.iter().any(|own| own.key == key);
        let parts: Vec<&Token> = line.tokens.iter().filter(|own| own.kind != Kind::Symbol).collect();
        let name = setting_text(&line.settings, "name").map(Name::from);
        if has("pk") {
            let columns = parts.iter().map(|own| own.text.as_str().into()).collect();
            table.primary_key = Some(KeyDefinition(FullKey { columns, name, ..FullKey::default() }));
            return;
        }
        let column = |own: &&Token| {
            let expression = own.kind == Kind::Expression;
            IndexColumnDefinition(FullIndexColumn {
                column: (!expression).then(|| own.text.as_str().into()),
                expression: expression.then(|| format!("({})", own.text)),
                ..FullIndexColumn::default()
            })
        };
        if parts.is_empty() {
            return self.remark(line.line, "UNKNOWN_WORD", Level::Error, "the index has no columns; it is left out.");
        }
        let method = setting_text(&line.settings, "type").filter(|own| own != "btree").map(Name::from);
        table.indexes.push(IndexDefinition {
            columns: parts.iter().map(column).collect(),
            name,
            unique: has("unique"),
            method,
            comment: setting_text(&line.settings, "note"),
            ..IndexDefinition::default()
        });
    }
}
