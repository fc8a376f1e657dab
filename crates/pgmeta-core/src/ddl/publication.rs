//! Publications as DDL.

use crate::ddl::context::Context;
use crate::ddl::render::{Render, Script};
use crate::ident::{ident, ident_list, literal, qualified};
use crate::model::{Publication, PublishGeneratedColumns, PublishedTable};

impl Render for Publication {
    fn target(&self) -> String {
        format!("PUBLICATION {}", ident(&self.name))
    }

    fn create(&self, cx: &Context<'_>, out: &mut Script) {
        let mut sql = format!("CREATE {}", self.target());
        let mut objects = Vec::new();
        // PostgreSQL 14 rejects the keyword before each table.
        for (at, table) in self.tables.iter().enumerate() {
            objects.push(format!("{}{}", if at == 0 { "TABLE " } else { "" }, published(table)));
        }
        if !self.schemas.is_empty() {
            objects.push(format!("TABLES IN SCHEMA {}", ident_list(&self.schemas)));
        }
        if self.all_tables {
            sql += " FOR ALL TABLES";
        } else if !objects.is_empty() {
            sql += &format!(" FOR {}", objects.join(",\n    "));
        }
        let mut options = Vec::new();
        if let Some(operations) = &self.publish {
            options.push(format!("publish = {}", literal(&operations.join(", "))));
        }
        if self.publish_via_partition_root {
            options.push("publish_via_partition_root = true".to_owned());
        }
        if self.publish_generated_columns != PublishGeneratedColumns::default() {
            options.push(format!("publish_generated_columns = {}", self.publish_generated_columns.word()));
        }
        if !options.is_empty() {
            sql += &format!(" WITH ({})", options.join(", "));
        }
        out.create(cx, sql);
    }
}

pub(crate) fn published(table: &PublishedTable) -> String {
    let mut sql = format!("ONLY {}", qualified(&table.schema, &table.name));
    if let Some(columns) = &table.columns {
        sql += &format!(" ({})", ident_list(columns));
    }
    if let Some(filter) = &table.row_filter {
        sql += &format!(" WHERE ({filter})");
    }
    sql
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ddl::options::Options;
    use crate::ddl::script::print_script;
    use crate::model::Model;

    fn print(publication: Publication) -> String {
        print_script(&Model { publications: vec![publication], ..Model::default() }, &Options::default())
    }

    #[test]
    fn publication_prints_every_form() {
        let named = || Publication { name: "P".into(), ..Publication::default() };
        assert_eq!(print(named()), "CREATE PUBLICATION \"P\";\n");
        let all = Publication { all_tables: true, publish: Some(vec![]), ..named() };
        assert_eq!(print(all), "CREATE PUBLICATION \"P\" FOR ALL TABLES WITH (publish = '');\n");
        let table = PublishedTable {
            schema: "s".into(),
            name: "t".into(),
            columns: Some(vec!["a".into(), "B".into()]),
            row_filter: Some("(a > 1)".into()),
        };
        let other = PublishedTable { schema: "s".into(), name: "u".into(), ..PublishedTable::default() };
        let some = Publication {
            tables: vec![table, other],
            schemas: vec!["x".into(), "Y".into()],
            publish: Some(vec!["insert".into(), "update".into()]),
            publish_via_partition_root: true,
            publish_generated_columns: PublishGeneratedColumns::Stored,
            ..named()
        };
        assert_eq!(
            print(some),
            "CREATE PUBLICATION \"P\" FOR TABLE ONLY s.t (a, \"B\") WHERE ((a > 1)),\n    ONLY s.u,\n    \
             TABLES IN SCHEMA x, \"Y\" WITH (publish = 'insert, update', publish_via_partition_root = true, \
             publish_generated_columns = stored);\n"
        );
    }
}
