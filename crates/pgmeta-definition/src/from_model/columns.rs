//! Columns of a table's definition.

use pgmeta_core::ident::{printed_literal, qualified};
use pgmeta_core::model::{Column, Generated, Identity, ModelIndex, Sequence, Table};
use serde_json::Map;

use crate::column::{ColumnDefinition, IdentityWord, serial_of};
use crate::default_names::make_name;
use crate::expression::Expression;
use crate::from_model::Reader;
use crate::grant;
use crate::sequence::SequenceOptions;
use crate::settings::Settings;
use crate::to_model::names::short_collation;

/// Returns the sequence that a serial or identity column makes for itself.
pub(super) fn sequence_of<'m>(index: &ModelIndex<'m>, table: &Table, name: &str) -> Option<&'m Sequence> {
    let column = index.column(table, name)?;
    if column.identity.is_some() {
        // It has no other place in a definition, whatever its name is.
        return index.identity_sequence(table, name);
    }
    let own = index.serial_sequence(table, name)?;
    let default = format!("nextval({}::regclass)", printed_literal(&qualified(&own.schema, &own.name)));
    let is_serial = column.default.as_deref() == Some(&*default)
        && column.not_null.is_some()
        && own.data_type == column.data_type
        && serial_of(&column.data_type).is_some();
    (is_serial && is_plain(own, table, name)).then_some(own)
}

/// Returns whether a sequence has only what a column says of it.
fn is_plain(own: &Sequence, table: &Table, column: &str) -> bool {
    own.schema == table.schema
        && *own.name == *make_name(&table.name, column, "seq")
        && own.comment.is_none()
        && own.privileges.is_none()
        && !own.unlogged
}

impl Reader<'_> {
    /// Returns the definition of a column.
    pub(super) fn column(&self, table: &Table, own: &Column) -> ColumnDefinition {
        let sequence =
            self.index.table(&table.schema, &table.name).and_then(|table| sequence_of(&self.index, table, &own.name));
        let serial = self.index.table(&table.schema, &table.name).and_then(|table| self.serial_type(table, own));
        let expression = own.default.as_deref().map(Expression::from);
        let is_generated = own.generated.is_some();
        let collation = own.collation.as_deref().map(|text| {
            let (schema, name) = crate::to_model::names::collation_place(text);
            short_collation(&schema, &name)
        });
        ColumnDefinition {
            name: own.name.clone(),
            r#type: serial.map_or_else(|| own.data_type.clone(), Into::into),
            nullable: own.not_null.is_none() || serial.is_some() || own.identity.is_some(),
            default: expression.clone().filter(|_| !is_generated && serial.is_none()),
            primary_key: false,
            unique: false,
            // A partition has that of its parent.
            identity: own.identity.filter(|_| !(own.has_parent && table.partition_of.is_some())).map(
                |word| match word {
                    Identity::Always => IdentityWord::Always,
                    Identity::ByDefault => IdentityWord::ByDefault,
                },
            ),
            sequence: sequence.map(SequenceOptions::from_model).unwrap_or_default(),
            generated: expression.filter(|_| is_generated),
            r#virtual: own.generated == Some(Generated::Virtual),
            collation,
            storage: own.storage,
            compression: own.compression,
            statistics_target: own.statistics_target,
            options: Settings(own.options.to_vec()),
            comment: own.comment.as_deref().map(str::to_owned),
            grants: grant::given(own.privileges.as_deref().unwrap_or_default().iter()),
            labels: Map::new(),
        }
    }
}
