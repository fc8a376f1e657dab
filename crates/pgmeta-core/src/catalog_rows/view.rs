//! Rows of views and materialized views.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::model::{MaterializedView, Setting, View};

row! {
    pub struct ViewRow = "views" of CLASS {
        oid: u32, kind: u8, owner: u32, acl: Option<Vec<AclItem>>, row_type: u32, array_type: u32, rule: Option<u32>,
        definition: Option<String>, options: Option<Vec<String>>, access_method: u32, tablespace: u32,
        populated: bool, toast_table: u32,
    }
}

impl Ingest for ViewRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::CLASS, self.oid) {
            return Ok(());
        }
        let relation = builder.names.relation(self.oid)?.clone();
        let address = Address::of(class::CLASS, self.oid);
        let gone = || RowError::ConcurrentChange(relation.key().to_string());
        let definition = self.definition.filter(|text| !text.is_empty()).ok_or_else(gone)?;
        let definition = definition.trim_end().trim_end_matches(';').to_owned();
        if self.kind == b'v' {
            let mut view = View {
                schema: relation.schema.clone(),
                name: relation.name.clone(),
                definition,
                options: Setting::parse_all(self.options),
                ..View::default()
            };
            builder.describe(&mut view, address, Some(self.owner), self.acl)?;
            builder.view_at.insert(self.oid, builder.model.views.len());
            builder.model.views.push(view);
        } else {
            let mut view = MaterializedView {
                schema: relation.schema.clone(),
                name: relation.name.clone(),
                definition,
                options: Setting::parse_all(self.options),
                toast_options: builder.names.toast_options(self.toast_table),
                access_method: builder.names.access_method(self.access_method).filter(|name| &**name != "heap"),
                tablespace: builder.names.tablespace(self.tablespace),
                populated: self.populated,
                ..MaterializedView::default()
            };
            builder.describe(&mut view, address, Some(self.owner), self.acl)?;
            builder.matview_at.insert(self.oid, builder.model.materialized_views.len());
            builder.model.materialized_views.push(view);
        }
        builder.row_type(self.oid, self.row_type, self.array_type);
        if let Some(rule) = self.rule {
            builder.alias(class::REWRITE, rule, (class::CLASS, self.oid));
        }
        Ok(())
    }
}
