//! Rows of transforms.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::Transform;

row! {
    pub struct TransformRow = "transforms" of TRANSFORM {
        oid: u32, data_type: Name, language: Name, from_sql: Option<Name>, to_sql: Option<Name>,
    }
}

impl Ingest for TransformRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::TRANSFORM, self.oid) {
            return Ok(());
        }
        let mut transform = Transform {
            data_type: self.data_type,
            language: self.language,
            from_sql: self.from_sql,
            to_sql: self.to_sql,
            ..Transform::default()
        };
        builder.describe(&mut transform, Address::of(class::TRANSFORM, self.oid), None, None)?;
        builder.model.transforms.push(transform);
        Ok(())
    }
}
