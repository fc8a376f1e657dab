//! Indexes as DDL, and clauses that they share with the indexes of constraints.

use std::fmt::Write;

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script, drop_if_exists};
use crate::ddl::settings::{parameter_value, storage_parameters};
use crate::ident::{Name, ident, ident_list, qualified};
use crate::model::{Index, IndexColumn, IndexStatistics, NullsOrder, Part};

/// Appends ALTER INDEX … SET STATISTICS, which only expression columns have.
pub fn statistics_statements(schema: &Name, name: &Name, targets: &[IndexStatistics], out: &mut Script) {
    for IndexStatistics { column, target } in targets {
        let index = qualified(schema, name);
        out.statement(format_args!("ALTER INDEX {index} ALTER COLUMN {column} SET STATISTICS {target}"));
    }
}

/// Appends the table's attributes of one of its indexes.
pub fn append_table_attributes(
    schema: &Name,
    table: &Name,
    index: &Name,
    clustered: bool,
    identity: bool,
    materialized: bool,
    out: &mut Script,
) {
    if !clustered && !identity {
        return;
    }
    let table = qualified(schema, table);
    if clustered {
        let keyword = if materialized { "MATERIALIZED VIEW" } else { "TABLE" };
        out.statement(format_args!("ALTER {keyword} {table} CLUSTER ON {}", ident(index)));
    }
    if identity {
        out.statement(format_args!("ALTER TABLE ONLY {table} REPLICA IDENTITY USING INDEX {}", ident(index)));
    }
}

fn column_clause(column: &IndexColumn) -> String {
    let mut text = match (&column.column, &column.expression) {
        (Some(column), _) => ident(column),
        (None, Some(expression)) => expression.clone(),
        (None, None) => String::new(),
    };
    if let Some(collation) = &column.collation {
        let _ = write!(text, " COLLATE {collation}");
    }
    if let Some(class) = &column.operator_class {
        let _ = write!(text, " {class}");
    }
    if !column.operator_class_options.is_empty() {
        let options = column.operator_class_options.iter();
        let options = options.map(|option| format!("{}={}", ident(&option.name), parameter_value(&option.value)));
        let _ = write!(text, " ({})", options.collect::<Vec<_>>().join(", "));
    }
    if column.descending {
        text.push_str(" DESC");
    }
    if column.nulls != NullsOrder::Default {
        let _ = write!(text, " {}", column.nulls.word());
    }
    text
}

impl Render for Index {
    fn target(&self) -> String {
        format!("INDEX {}", qualified(&self.schema, &self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let unique = if self.unique { "UNIQUE " } else { "" };
        let guard = if self.on_member_of.is_some() { "IF NOT EXISTS " } else { cx.if_not_exists() };
        let only = if self.on_partitioned { "ONLY " } else { "" };
        let columns: Vec<String> = self.columns.iter().map(column_clause).collect();
        let mut text = format!(
            "CREATE {unique}INDEX {guard}{} ON {only}{} USING {} ({})",
            ident(&self.name),
            qualified(&self.schema, &self.table),
            ident(&self.method),
            columns.join(", ")
        );
        if !self.include.is_empty() {
            let _ = write!(text, " INCLUDE ({})", ident_list(&self.include));
        }
        if self.nulls_not_distinct {
            text.push_str(" NULLS NOT DISTINCT");
        }
        text.push_str(&storage_parameters(&self.options, &[]));
        text.push_str(&cx.tablespace(self.tablespace.as_ref()));
        if let Some(predicate) = &self.predicate {
            let _ = write!(text, " WHERE {predicate}");
        }
        out.statement(text);
        statistics_statements(&self.schema, &self.name, &self.statistics_targets, out);
        let (clustered, identity) = (self.clustered, self.replica_identity);
        append_table_attributes(
            &self.schema,
            &self.table,
            &self.name,
            clustered,
            identity,
            self.on_materialized_view,
            out,
        );
    }

    fn part(&self, _part: Part, _cx: &Context<'_>, out: &mut Script) {
        if let Some(parent) = &self.attached_to {
            let parent = qualified(&parent.schema, &parent.name);
            out.statement(format_args!(
                "ALTER INDEX {parent} ATTACH PARTITION {}",
                qualified(&self.schema, &self.name)
            ));
        }
    }

    fn drop_statement(&self, part: Part, _cx: &Context<'_>) -> Option<String> {
        // The indexes of a partition tree depend on each other: only DROP TABLE can drop them.
        let held = self.attached_to.is_some() || self.on_partitioned;
        (part == Part::Main && !held).then(|| drop_if_exists(&self.target()))
    }
}
