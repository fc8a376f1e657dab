//! Sequences, views and materialized views of the model.

use pgmeta_core::ident::Name;
use pgmeta_core::interrupt::check;
use pgmeta_core::model::{Column, Columns, MaterializedView, ObjectKind, OwnedBy, Sequence, View};

use crate::grant;
use crate::to_model::Maker;
use crate::view::ViewColumnDefinition;

impl Maker<'_> {
    pub fn add_relations(&mut self) {
        for given in &self.definition.sequences {
            check();
            let schema = self.schema(given.schema.as_ref());
            let data_type = given.r#type.as_ref().map_or_else(|| "bigint".into(), |own| self.names.data_type(own));
            self.taken.add_relation(&schema, &given.name);
            self.model.sequences.push(Sequence {
                owned_by: given.owned_by.as_deref().and_then(|text| self.owned_by(&schema, text)),
                owner: self.owner(),
                comment: given.comment.clone(),
                privileges: self.privileges(given.grants.as_ref(), ObjectKind::Sequence),
                ..given.options.to_model(&schema, &given.name, &data_type)
            });
        }
        for given in &self.definition.views {
            check();
            let schema = self.schema(given.schema.as_ref());
            self.taken.add_relation(&schema, &given.name);
            self.model.views.push(View {
                name: given.name.clone(),
                definition: query(&given.query),
                columns: self.view_columns(&given.columns),
                options: given.options.0.clone(),
                owner: self.owner(),
                comment: given.comment.clone(),
                privileges: self.privileges(given.grants.as_ref(), ObjectKind::View),
                schema,
                ..View::default()
            });
        }
        for given in &self.definition.materialized_views {
            check();
            let schema = self.schema(given.schema.as_ref());
            self.taken.add_relation(&schema, &given.name);
            self.model.materialized_views.push(MaterializedView {
                name: given.name.clone(),
                definition: query(&given.query),
                columns: self.view_columns(&given.columns),
                options: given.options.0.clone(),
                owner: self.owner(),
                comment: given.comment.clone(),
                privileges: self.privileges(given.grants.as_ref(), ObjectKind::MaterializedView),
                schema,
                ..MaterializedView::default()
            });
        }
    }

    fn view_columns(&self, given: &[ViewColumnDefinition]) -> Columns {
        let one = |own: &ViewColumnDefinition| {
            Box::new(Column {
                name: own.name.clone(),
                default: own.default.as_ref().map(|own| own.0.as_str().into()),
                comment: own.comment.as_deref().map(Box::from),
                privileges: grant::of_column(&own.grants, &self.target.owner),
                ..Column::default()
            })
        };
        given.iter().map(one).collect()
    }

    /// Reads `table.column` or `schema.table.column`.
    fn owned_by(&self, schema: &Name, written: &str) -> Option<OwnedBy> {
        let at = pgmeta_core::lexer::code(written).filter(|(_, byte)| *byte == b'.').last()?.0;
        let (own_schema, table) = self.names.place(&written[..at]);
        let has_schema = pgmeta_core::lexer::code(&written[..at]).any(|(_, byte)| byte == b'.');
        let schema = if has_schema { own_schema } else { schema.clone() };
        Some(OwnedBy { schema, table, column: pgmeta_core::ident::unquote(&written[at + 1..]).into() })
    }
}

/// Returns a query without blanks and a semicolon at its end.
fn query(written: &str) -> String {
    written.trim().trim_end_matches(';').trim_end().to_owned()
}
