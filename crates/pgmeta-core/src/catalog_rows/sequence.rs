//! Rows of sequences.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{OwnedBy, Persistence, Sequence};

row! {
    pub struct SequenceRow = "sequences" of CLASS {
        oid: u32, name: Name, schema: u32, owner: u32, acl: Option<Vec<AclItem>>, persistence: u8, data_type: u32,
        start: i64, increment: i64, min: i64, max: i64, cache: i64, cycle: bool,
        owner_table: Option<u32>, owner_number: Option<i16>, owner_column: Option<Name>, owner_kind: Option<u8>,
    }
}

impl Ingest for SequenceRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::CLASS, self.oid) {
            return Ok(());
        }
        let owned_by = match (self.owner_table, self.owner_number) {
            (Some(oid), Some(number)) => {
                let table = builder.names.relation(oid)?;
                let column = match self.owner_column {
                    Some(column) => column,
                    None => builder.known_column(oid, number)?.name.clone(),
                };
                Some(OwnedBy { schema: table.schema.clone(), table: table.name.clone(), column })
            }
            _ => None,
        };
        let persistence = Persistence::from_code(self.persistence)?;
        let mut sequence = Sequence {
            schema: builder.names.schema(self.schema)?,
            name: self.name,
            data_type: match self.data_type {
                21 => "smallint",
                23 => "integer",
                _ => "bigint",
            }
            .into(),
            start: self.start,
            increment: self.increment,
            min: self.min,
            max: self.max,
            cache: self.cache,
            cycle: self.cycle,
            unlogged: persistence == Persistence::Unlogged,
            owned_by,
            identity: self.owner_kind == Some(b'i'),
            ..Sequence::default()
        };
        builder.describe(&mut sequence, Address::of(class::CLASS, self.oid), Some(self.owner), self.acl)?;
        builder.model.sequences.push(sequence);
        Ok(())
    }
}
