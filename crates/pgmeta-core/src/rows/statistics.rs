//! Rows of statisticss.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct StatisticsRow = "statistics_objects" { oid: u32 } }

impl AddTo for StatisticsRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
