//! Columns.

use pgmeta_core::ident::{Name, ident, literal};

use super::Reading;
use super::reference::Reference;
use super::syntax::{Line, Setting};
use super::token::{Kind, Token};
use crate::column::{ColumnDefinition, IdentityWord};
use crate::constraint::{CheckDefinition, FullCheck};
use crate::expression::Expression;
use crate::table::TableDefinition;
use crate::validate::Level;

/// Words of other databases for types of PostgreSQL.
const TYPES: [(&str, &str); 15] = [
    ("datetime", "timestamp without time zone"),
    ("tinyint", "smallint"),
    ("mediumint", "integer"),
    ("number", "numeric"),
    ("double", "double precision"),
    ("float", "double precision"),
    ("string", "text"),
    ("tinytext", "text"),
    ("mediumtext", "text"),
    ("longtext", "text"),
    ("nvarchar", "character varying"),
    ("blob", "bytea"),
    ("longblob", "bytea"),
    ("binary", "bytea"),
    ("varbinary", "bytea"),
];

/// The settings of a column, each with how many words its value has.
const SETTINGS: [(&str, usize); 10] = [
    ("pk", 0),
    ("primary key", 0),
    ("not null", 0),
    ("null", 0),
    ("unique", 0),
    ("increment", 0),
    ("note", 1),
    ("check", 1),
    ("default", usize::MAX),
    ("ref", usize::MAX),
];

impl Reading {
    /// Reads a column of a table. `key`: the columns with `pk`.
    pub(super) fn column(&mut self, line: &Line, table: &mut TableDefinition, key: &mut Vec<Name>) {
        let Some((name, data_type)) =
            line.tokens.split_first().filter(|(name, rest)| name.is_name() && !rest.is_empty())
        else {
            let what = line.tokens.first().map(|own| own.text.clone()).unwrap_or_default();
            return self.remark(
                line.line,
                "UNKNOWN_WORD",
                Level::Error,
                &format!("\"{what}\" is no column; it is left out."),
            );
        };
        let mut column = ColumnDefinition {
            name: name.text.as_str().into(),
            r#type: self.data_type(data_type, line.line).into(),
            ..ColumnDefinition::default()
        };
        let has = |word: &str| line.settings.iter().any(|own| own.key == word);
        if has("increment") && column.r#type.ends_with("serial") {
            // A serial type counts already.
        } else if has("increment") {
            column.identity = Some(IdentityWord::ByDefault);
        }
        let is_key = has("pk") || has("primary key");
        if is_key {
            key.push(column.name.clone());
        } else if !has("not null") && !has("null") && !has("increment") {
            let message = format!("whether column {} may be null is not said; it may.", column.name);
            self.remark(line.line, "NULLABILITY_NOT_SAID", Level::Info, &message);
        }
        column.nullable = is_key || column.identity.is_some() || !has("not null");
        column.unique = has("unique") && !is_key;
        self.unknown_settings(&line.settings, &SETTINGS);
        for own in &line.settings {
            self.setting(own, &mut column, table);
        }
        table.columns.push(column);
    }

    fn setting(&mut self, own: &Setting, column: &mut ColumnDefinition, table: &mut TableDefinition) {
        match own.key.as_str() {
            "note" => column.comment = own.value.first().map(|own| own.text.clone()),
            "default" if column.identity.is_some() => {
                self.not_taken(own.line, "the default of a column with increment")
            }
            "default" => match default(&own.value) {
                Some(value) => column.default = Some(Expression(value)),
                None => self.remark(own.line, "UNKNOWN_WORD", Level::Error, "the default is no value; it is left out."),
            },
            "check" => match own.value.first().filter(|own| own.kind == Kind::Expression) {
                Some(check) => table
                    .checks
                    .push(CheckDefinition(FullCheck { expression: check.text.clone(), ..FullCheck::default() })),
                None => self.remark(
                    own.line,
                    "UNKNOWN_WORD",
                    Level::Error,
                    "a check is an expression in back quotes; it is left out.",
                ),
            },
            "ref" => {
                let from = (table.schema.clone(), table.name.clone());
                match Reference::of_column(from, column.name.clone(), own) {
                    Some(reference) => self.references.push(reference),
                    None => self.remark(
                        own.line,
                        "FOREIGN_KEY_ERROR",
                        Level::Error,
                        "the reference names no column; it is left out.",
                    ),
                }
            }
            // They were read before, or are reported.
            _ => {}
        }
    }

    /// Returns a type as SQL. The words of other databases are reported.
    fn data_type(&mut self, tokens: &[Token], line: usize) -> String {
        let mut written = String::new();
        for (at, own) in tokens.iter().enumerate() {
            match own.kind {
                // A quoted type is one with blanks, or the name of one.
                Kind::Name if tokens.len() > 1 => written += &ident(&own.text),
                _ if at > 0
                    && !own.is_joined
                    && !matches!(&*own.text, "(" | ")" | "," | "." | "[" | "]")
                    && written.ends_with(char::is_alphanumeric) =>
                {
                    written.push(' ');
                    written += &own.text;
                }
                _ => written += &own.text,
            }
        }
        let (word, rest) =
            written.split_at_checked(written.find(['(', '[']).unwrap_or(written.len())).unwrap_or((&written, ""));
        let known = TYPES.iter().find(|(own, _)| own.eq_ignore_ascii_case(word));
        let Some((word, own)) = known else { return written };
        // The length of a type that has none here.
        let rest = if matches!(*own, "numeric" | "character varying") || rest.starts_with('[') { rest } else { "" };
        let message = format!("type {word} is not PostgreSQL's; the column is {own}{rest}.");
        self.remark(line, "UNSUPPORTED_DATA_TYPE", Level::Warning, &message);
        format!("{own}{rest}")
    }
}

/// Returns a default as SQL.
fn default(value: &[Token]) -> Option<String> {
    match value {
        [own] => match own.kind {
            Kind::Text => Some(literal(&own.text)),
            Kind::Expression => Some(own.text.clone()),
            Kind::Word => {
                let word = own.text.to_ascii_lowercase();
                let is_value =
                    matches!(&*word, "true" | "false" | "null") || word.parse::<f64>().is_ok_and(f64::is_finite);
                is_value.then_some(word)
            }
            Kind::Name | Kind::Symbol => None,
        },
        [sign, number] if sign.is("-") && number.text.parse::<f64>().is_ok() => Some(format!("-{}", number.text)),
        _ => None,
    }
}
