//! Rows of domains.

use crate::rows::builder::Builder;
use crate::rows::{AddTo, RowError};

row! { pub struct DomainRow = "domains" { oid: u32 } }

row! { pub struct DomainConstraintRow = "domain_constraints" { oid: u32 } }

impl AddTo for DomainRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}

impl AddTo for DomainConstraintRow {
    fn add_to(self, _builder: &mut Builder) -> Result<(), RowError> {
        Ok(())
    }
}
