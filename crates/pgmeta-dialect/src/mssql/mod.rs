//! SQL Server 2019. It keeps schemas; conditions are not values; a unique key has one null at most.

mod expression;
mod types;

use pgmeta_core::model::Sequence;

use crate::data_type::DataType;
use crate::expression::Syntax;
use crate::names::NameRules;
use crate::options::{Options, Schemas};
use crate::target::{ColumnType, Comments, Facts, KeyLimit, NameScope, Numbering, Partial, Target};

/// SQL Server.
pub(crate) struct Mssql {
    /// Absent: schemas are kept.
    pub schemas: Option<Schemas>,
}

// https://learn.microsoft.com/en-us/sql/relational-databases/databases/database-identifiers: 128 characters.
const NAMES: NameRules = NameRules { longest: Some(128), plain: false, without_accents: false, reserved: &[] };

/// Schemas that every database has.
const SCHEMAS: [&str; 4] = ["sys", "information_schema", "guest", "db_owner"];

const FACTS: Facts = Facts {
    name: "SQL Server",
    names: NAMES,
    // The tables of a session begin so.
    relation_names: NameRules { reserved: &["#*"], ..NAMES },
    index_names: NAMES,
    // https://learn.microsoft.com/en-us/sql/sql-server/maximum-capacity-specifications-for-sql-server: 1,024 columns,
    // clustered keys of 900 bytes.
    columns: 1024,
    comments: Comments::Script,
    numbering: Numbering::Any,
    // https://learn.microsoft.com/en-us/sql/relational-databases/indexes/create-filtered-indexes: simple comparisons.
    partial_indexes: Partial::Simple,
    expression_indexes: false,
    descending: true,
    include: true,
    deferrable: false,
    forward_references: false,
    equal_types: true,
    key: Some(KeyLimit { bytes: 900, columns: 32, length: 255, prefix: false }),
    row_bytes: None,
    nulls_are_equal: true,
    set_default: true,
    restrict: false,
    // https://learn.microsoft.com/en-us/sql/relational-databases/errors-events/mssqlserver-1785-database-engine-error
    one_cascade: true,
    checks_with_actions: true,
    not_enforced: false,
    sequences: true,
    virtual_columns: false,
    generated_not_null: true,
    generated_primary_key: true,
    long_default_in_parentheses: true,
    expressions_with_numbers: true,
    equal_lengths: true,
    check_names: NameScope::Schema,
    foreign_key_names: NameScope::Schema,
    key_names: NameScope::Schema,
    index_scope: NameScope::Table,
};

impl Target for Mssql {
    fn facts(&self) -> &Facts {
        &FACTS
    }

    fn syntax(&self) -> &dyn Syntax {
        self
    }

    fn data_type(&self, data_type: &DataType<'_>, key: Option<u32>) -> ColumnType {
        types::column_type(data_type, key)
    }

    fn long_text(&self) -> &'static str {
        "NVARCHAR(MAX)"
    }

    fn qualified(&self, schema: Option<&str>, name: &str) -> String {
        match schema {
            Some(schema) => format!("{}.{}", self.ident(schema), self.ident(name)),
            None => self.ident(name),
        }
    }

    fn schema(&self, schema: &str) -> Option<String> {
        match self.schemas {
            Some(_) => None,
            // Every database has the schema dbo, as PostgreSQL's has public.
            None if schema == "public" => Some("dbo".to_owned()),
            None if SCHEMAS.iter().any(|own| schema.eq_ignore_ascii_case(own)) => Some(format!("{schema}_")),
            None => Some(schema.to_owned()),
        }
    }

    fn create_schema(&self, schema: &str) -> Option<String> {
        // CREATE SCHEMA must be alone in its batch.
        let create = self.text(&format!("CREATE SCHEMA {}", self.ident(schema)));
        Some(format!("IF SCHEMA_ID({}) IS NULL EXEC({create})", self.text(schema)))
    }

    fn numbered(&self, start: i64, increment: i64) -> String {
        format!("IDENTITY({start},{increment})")
    }

    fn table_suffix(&self, _has_key: bool, _is_numbered: bool, _options: &Options, _start: Option<i64>) -> String {
        String::new()
    }

    fn generated(&self, data_type: &str, collation: &str, expression: &str, stored: bool) -> String {
        let stored = if stored { " PERSISTED" } else { "" };
        format!("AS (CAST({expression} AS {data_type}){collation}){stored}")
    }

    fn drop_foreign_keys(&self, keys: &[(&str, &str)], drops: Vec<String>) -> Vec<String> {
        let drop = |(table, name): &(&str, &str)| {
            let exists = self.text(table);
            format!("IF OBJECT_ID({exists}) IS NOT NULL ALTER TABLE {table} DROP CONSTRAINT IF EXISTS {name}")
        };
        keys.iter().map(drop).chain(drops).collect()
    }

    fn batch_end(&self) -> Option<&'static str> {
        Some("GO")
    }

    fn groups_strictly(&self) -> bool {
        true
    }

    fn orders_views(&self) -> bool {
        false
    }

    fn create_sequence(&self, sequence: &Sequence, name: &str) -> Option<String> {
        let data_type = match &*sequence.data_type {
            "smallint" => "SMALLINT",
            "integer" => "INT",
            _ => "BIGINT",
        };
        let cycle = if sequence.cycle { "CYCLE" } else { "NO CYCLE" };
        let (start, increment, min, max) = (sequence.start, sequence.increment, sequence.min, sequence.max);
        let cache = if sequence.cache > 1 { format!("CACHE {}", sequence.cache) } else { "NO CACHE".to_owned() };
        Some(format!(
            "CREATE SEQUENCE {name} AS {data_type} START WITH {start} INCREMENT BY {increment} \
             MINVALUE {min} MAXVALUE {max} {cycle} {cache}"
        ))
    }
}
