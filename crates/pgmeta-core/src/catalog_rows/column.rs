//! Rows of the columns of all kinds of relations.

use crate::catalog_rows::builder::{Address, Builder, KnownColumn};
use crate::catalog_rows::class;
use crate::catalog_rows::{Ingest, Speller};
use crate::cells::{AclItem, Cell, Cells, RowError, take};
use crate::ident::Name;
use crate::model::{Column, Compression, Generated, Identity, NotNull, Setting, Storage};

row! {
    pub struct ColumnRow = "columns" of CLASS {
        relation: u32, number: i16, name: Name, data_type: u32, typmod: i32,
        not_null: bool, has_default: bool, generated: Option<u8>, identity: Option<u8>,
        collation: u32, local: bool, has_parent: bool, storage: u8, compression: Option<u8>,
        statistics_target: Option<i32>, options: Option<Vec<String>>, foreign_options: Option<Vec<String>>,
        acl: Option<Vec<AclItem>>, not_null_name: Option<Name>, not_null_oid: Option<u32>, not_null_no_inherit: bool,
        not_null_valid: bool, not_null_local: bool,
    }
}
row! {
    /// A default or a generation expression.
    pub struct DefaultRow = "defaults" of CLASS {
        relation: u32, number: i16, oid: u32, expression: Option<String>,
    }
}

/// An attribute option that minor releases from November 2026 on reserve. pg_dump hides it, too.
const RESERVED_OPTION: &str = "pg_attver";

impl Ingest for ColumnRow {
    fn show(cells: &mut dyn Cells, type_names: &mut Speller) -> Result<(), RowError> {
        let (relation, number) = (take(cells, "relation")?, take(cells, "number")?);
        let Cell::Text(name) = cells.next_cell()? else { return Err(RowError::WrongType("name")) };
        type_names.column(relation, number, name);
        type_names.data_type(take(cells, "data_type")?, take(cells, "typmod")?)
    }

    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        builder.known_columns.entry(self.relation).or_default().push(KnownColumn {
            number: self.number,
            name: self.name.clone(),
            data_type: self.data_type,
            collation: self.collation,
            not_null: self.not_null,
            not_null_valid: self.not_null_valid,
            has_default: self.has_default,
            generated: self.generated.is_some(),
        });
        if !builder.has_relation(self.relation) {
            return Ok(());
        }
        let address = Address { class: class::CLASS, oid: self.relation, sub: self.number.into() };
        let not_null = self.not_null.then(|| NotNull {
            name: self.not_null_name,
            no_inherit: self.not_null_no_inherit,
            not_valid: !self.not_null_valid,
            inherited: !self.not_null_local,
            comment: self.not_null_oid.and_then(|oid| builder.take_comment(Address::of(class::CONSTRAINT, oid))),
        });
        let privileges = match self.acl {
            Some(acl) => Some(builder.names.grants(&acl)?),
            None => None,
        };
        let of_type = builder.type_name(self.data_type, self.typmod)?.clone();
        let column = Column {
            data_type: of_type.name,
            collation: if self.collation == of_type.collation { None } else { builder.collation_name(self.collation) },
            not_null: not_null.map(Box::new),
            default: None,
            generated: self.generated.map(Generated::from_code).transpose()?,
            generated_by_parent: false,
            identity: self.identity.map(Identity::from_code).transpose()?,
            inherited: !self.local,
            has_parent: self.has_parent,
            storage: if self.storage == of_type.storage { None } else { Some(Storage::from_code(self.storage)?) },
            compression: self.compression.map(Compression::from_code).transpose()?,
            statistics_target: self.statistics_target,
            options: Setting::parse_all(self.options)
                .into_iter()
                .filter(|option| &*option.name != RESERVED_OPTION)
                .collect(),
            foreign_options: Setting::parse_all(self.foreign_options).into(),
            comment: builder.take_comment(address).map(Into::into),
            privileges: privileges.map(Into::into),
            security_labels: builder.labels.remove(&address).unwrap_or_default().into(),
            default_depends_on: Box::default(),
            name: self.name,
        };
        if let Some(columns) = builder.columns_mut(self.relation) {
            columns.push(Box::new(column));
        }
        Ok(())
    }
}

impl Ingest for DefaultRow {
    fn ingest(self, builder: &mut Builder) -> Result<(), RowError> {
        if !builder.has_relation(self.relation) {
            return Ok(());
        }
        builder.default_columns.insert(self.oid, (self.relation, self.number));
        let known = builder.known_columns.get(&self.relation);
        let position = known.and_then(|known| known.iter().position(|column| column.number == self.number));
        if let Some(position) = position
            && let Some(column) = builder.columns_mut(self.relation).and_then(|columns| columns.get_mut(position))
        {
            column.default = self.expression.map(Into::into);
        }
        Ok(())
    }
}
