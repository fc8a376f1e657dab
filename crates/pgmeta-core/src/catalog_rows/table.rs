//! Rows of tables.

use crate::catalog_rows::Ingest;
use crate::catalog_rows::builder::{Address, Builder};
use crate::catalog_rows::class;
use crate::cells::{AclItem, RowError};
use crate::ident::Name;
use crate::model::{ForeignSource, PartitionOf, Persistence, RelationName, ReplicaIdentity, Setting, Table};

row! {
    pub struct TableRow = "tables" of CLASS {
        oid: u32, owner: u32, acl: Option<Vec<AclItem>>, persistence: u8, of_type: Option<Name>, row_type: u32, array_type: u32,
        column_count: i16,
        access_method: u32, tablespace: u32, options: Option<Vec<String>>,
        toast_table: u32, replica_identity: u8, row_security: bool, force_row_security: bool,
        partition_bound: Option<String>, partition_by: Option<String>, parents: Option<Vec<u32>>,
        server: Option<Name>, server_options: Option<Vec<String>>,
    }
}

impl Ingest for TableRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if builder.is_member(class::CLASS, self.oid) {
            return Ok(());
        }
        if builder.model.tables.is_empty() {
            builder.reserve();
        }
        let relation = builder.names.relation(self.oid)?.clone();
        let count = usize::try_from(self.column_count).unwrap_or(0);
        let mut parents = Vec::new();
        for oid in self.parents.iter().flatten() {
            let parent = builder.names.relation(*oid)?;
            parents.push(RelationName { schema: parent.schema.clone(), name: parent.name.clone() });
        }
        let partition_of = match self.partition_bound {
            Some(bound) => parents.pop().map(|parent| PartitionOf { parent, bound }),
            None => None,
        };
        let foreign =
            self.server.map(|server| ForeignSource { server, options: Setting::parse_all(self.server_options) });
        // The default one is not part of the definition: a restore may choose another. A partitioned table has
        // none unless it was set (since 17).
        let access_method = builder.names.access_method(self.access_method);
        let access_method = access_method.filter(|name| &**name != "heap" || self.partition_by.is_some());
        let mut table = Table {
            schema: relation.schema.clone(),
            name: relation.name.clone(),
            columns: Vec::with_capacity(count),
            persistence: Persistence::from_code(self.persistence)?,
            of_type: self.of_type,
            inherits: parents,
            partition_of,
            access_method,
            partition_by: self.partition_by,
            tablespace: builder.names.tablespace(self.tablespace),
            options: Setting::parse_all(self.options),
            toast_options: builder.names.toast_options(self.toast_table),
            // The code of a foreign table has no meaning.
            replica_identity: match foreign.is_some() {
                true => ReplicaIdentity::Default,
                false => ReplicaIdentity::from_code(self.replica_identity)?,
            },
            foreign,
            row_security: self.row_security,
            force_row_security: self.force_row_security,
            ..Table::default()
        };
        builder.describe(&mut table, Address::of(class::CLASS, self.oid), Some(self.owner), self.acl)?;
        builder.row_type(self.oid, self.row_type, self.array_type);
        builder.known_columns.insert(self.oid, Vec::with_capacity(count));
        builder.table_at.insert(self.oid, builder.model.tables.len());
        if let Some(parents) = self.parents {
            builder.parents.insert(self.oid, parents);
        }
        builder.model.tables.push(table);
        Ok(())
    }
}
