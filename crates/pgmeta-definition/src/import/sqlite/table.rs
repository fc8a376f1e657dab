//! Tables and columns.

use pgmeta_core::interrupt::check;

use super::catalog::{SqliteColumn, SqliteGenerated, SqliteSchema, SqliteTable};
use super::constraints;
use super::default::default;
use super::expression::{Form, Scope, translated};
use super::indexes;
use super::options::SqliteOptions;
use super::statement::{TableText, table_text, written};
use super::token::tokens;
use super::types::{DataType, Fit, data_type, is_alike};
use crate::column::{ColumnDefinition, IdentityWord};
use crate::expression::Expression;
use crate::import::{Imported, escaped};
use crate::table::TableDefinition;
use crate::validate::Level;

/// A table of SQLite with what its statement says.
pub struct Source<'s> {
    pub table: &'s SqliteTable,
    pub text: TableText<'s>,
    /// The names that expressions may use.
    pub scope: Scope,
    pub path: String,
}

pub fn table(
    own: &SqliteTable,
    path: &str,
    schema: &SqliteSchema,
    options: &SqliteOptions,
    imported: &mut Imported,
) -> TableDefinition {
    let all = tokens(&own.sql);
    let text = table_text(&all);
    let names = own.columns.iter();
    let names = names.map(|it| (it.name.clone(), is_alike(&data_type(&it.data_type, text.is_strict).name)));
    let scope = Scope::new(names);
    let source = Source { table: own, text, scope, path: path.to_owned() };
    let mut table = TableDefinition { name: own.name.as_str().into(), ..TableDefinition::default() };
    if !source.text.is_strict {
        let message = "The table is not STRICT: SQLite does not hold its rows to the types of the columns.".to_owned();
        imported.remark(path, "TYPES_NOT_ENFORCED", Level::Info, message);
    }
    if source.text.has_conflict_clause {
        let message = "ON CONFLICT of its constraints is not taken: statements of PostgreSQL say it.".to_owned();
        imported.remark(path, "NOT_TAKEN", Level::Warning, message);
    }
    for column in &own.columns {
        check();
        table.columns.push(source.column(column, imported));
    }
    constraints::add_key(&source, options, &mut table, imported);
    constraints::add_checks(&source, &mut table, imported);
    constraints::add_foreign_keys(&source, schema, options, &mut table, imported);
    indexes::add(&source, &mut table, imported);
    table
}

impl Source<'_> {
    /// Returns the path of a column.
    pub fn column_path(&self, name: &str) -> String {
        format!("{}/columns/{}", self.path, escaped(name))
    }

    /// Returns whether a column is the number of the rows: INTEGER, alone in the primary key.
    pub fn is_rowid(&self, column: &SqliteColumn) -> bool {
        column.key_position == 1
            && !self.text.without_rowid
            && column.data_type.trim().eq_ignore_ascii_case("integer")
            && self.table.columns.iter().filter(|own| own.key_position > 0).count() == 1
            // INTEGER PRIMARY KEY DESC is an ordinary key, with an index.
            && !self.table.indexes.iter().any(|index| index.origin == super::SqliteOrigin::PrimaryKey)
    }

    fn column(&self, own: &SqliteColumn, imported: &mut Imported) -> ColumnDefinition {
        let path = self.column_path(&own.name);
        let data_type = data_type(&own.data_type, self.text.is_strict);
        self.report_type(own, &data_type, &path, imported);
        let mut column = ColumnDefinition {
            name: own.name.as_str().into(),
            r#type: data_type.name.as_str().into(),
            nullable: !own.not_null,
            ..ColumnDefinition::default()
        };
        if !own.collation.eq_ignore_ascii_case("BINARY") {
            let message = format!(
                "Collation {} is not taken: PostgreSQL compares the values byte by byte or by its own.",
                own.collation
            );
            imported.remark(&path, "NOT_TAKEN", Level::Warning, message);
        }
        if own.generated.is_some() {
            self.generate(own, data_type.fit, &mut column, &path, imported);
        } else if self.is_rowid(own) {
            column.identity = Some(IdentityWord::ByDefault);
            column.nullable = true;
            let message = if own.autoincrement {
                "AUTOINCREMENT is an identity column. Set its sequence after rows are copied."
            } else {
                "The number of the row is an identity column; SQLite may use numbers of deleted rows again."
            };
            imported.remark(&path, "ROWID", Level::Info, message.to_owned());
        } else if let Some(text) = &own.default {
            match default(&tokens(text), &data_type.name) {
                Some(value) => column.default = Some(Expression(value)),
                None => {
                    let message =
                        format!("The default {text} is not taken: it has no equal of type {}.", data_type.name);
                    imported.remark(&path, "NOT_TAKEN", Level::Warning, message);
                }
            }
        }
        column
    }

    fn report_type(&self, own: &SqliteColumn, data_type: &DataType, path: &str, imported: &mut Imported) {
        let word = own.data_type.trim();
        match data_type.fit {
            Fit::Exact => {}
            Fit::Word => {
                let message = format!("SQLite does not enforce {word}; the column is {}.", data_type.name);
                imported.remark(path, "TYPES_NOT_ENFORCED", Level::Info, message);
            }
            Fit::Unknown => {
                let message = match word {
                    "" => format!("The column has no type; it is {}.", data_type.name),
                    _ => format!("{word} has no equal; the column is {}.", data_type.name),
                };
                imported.remark(path, "UNSUPPORTED_DATA_TYPE", Level::Warning, message);
            }
        }
    }

    fn generate(
        &self,
        own: &SqliteColumn,
        fit: Fit,
        column: &mut ColumnDefinition,
        path: &str,
        imported: &mut Imported,
    ) {
        let found = self.text.generated.iter().find(|(name, _)| name.eq_ignore_ascii_case(&own.name));
        let Some((_, text)) = found else { return };
        // PostgreSQL compares the type of the expression with the column's.
        let expression = match fit {
            Fit::Exact | Fit::Word => translated(text, &self.scope, Form::Expression),
            Fit::Unknown => Err("the type".to_owned()),
        };
        match expression {
            Ok(expression) => {
                column.generated = Some(Expression(expression));
                if own.generated == Some(SqliteGenerated::Virtual) {
                    let message = "The column is VIRTUAL in SQLite, and stored in PostgreSQL.".to_owned();
                    imported.remark(path, "STORED", Level::Info, message);
                }
            }
            Err(part) => {
                let message = format!(
                    "The column is not generated here: PostgreSQL does not read {part} in {} as SQLite does.",
                    written(&self.table.sql, text)
                );
                imported.remark(path, "NOT_TAKEN", Level::Warning, message);
            }
        }
    }
}
