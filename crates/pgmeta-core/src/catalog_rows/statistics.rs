//! Rows of extended statistics.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::RowError;
use crate::ident::Name;
use crate::model::{StatisticsKind, StatisticsObject};

row! {
    pub struct StatisticsRow = "statistics_objects" of STATISTIC_EXT {
        oid: u32, schema: u32, name: Name, owner: u32, relation: u32, kinds: Vec<u8>, columns: Option<Vec<Name>>,
        expressions: Option<Vec<String>>, has_expressions: bool, target: Option<i32>,
    }
}

impl Ingest for StatisticsRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::STATISTIC_EXT, self.oid) {
            return Ok(());
        }
        if self.has_expressions && self.expressions.is_none() {
            return Err(RowError::ConcurrentChange(format!("statistics object {}", self.name)));
        }
        let columns = self.columns.unwrap_or_default();
        let expressions = self.expressions.unwrap_or_default();
        // `e` only means that there are expressions. Statistics on a single expression have no other kind.
        let kinds = self.kinds.iter().filter(|&&code| code != b'e').map(|&code| StatisticsKind::from_code(code));
        let mut kinds = kinds.collect::<Result<Vec<_>, RowError>>()?;
        kinds.sort();
        if kinds.len() == 3 {
            kinds.clear();
        }
        let mut statistics = StatisticsObject {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            relation: builder.names.relation(self.relation)?.key(),
            kinds,
            columns,
            expressions,
            statistics_target: self.target,
            on_member_of: builder.extension_of(class::CLASS, self.relation).cloned(),
            ..StatisticsObject::default()
        };
        builder.describe(&mut statistics, Address::of(class::STATISTIC_EXT, self.oid), Some(self.owner), None)?;
        builder.model.statistics_objects.push(statistics);
        Ok(())
    }
}
