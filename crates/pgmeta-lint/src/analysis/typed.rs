//! Everything that a type is chosen for: the columns of tables, each where it is declared, and domains.

use pgmeta_core::model::{Column, ObjectKey, Table};

use crate::analysis::ColumnType;
use crate::context::Context;
use crate::finding::Draft;

/// A column of a table, or a domain.
#[derive(Clone, Debug)]
pub(crate) struct Typed<'m> {
    /// The table and its column; absent: it is a domain.
    pub column: Option<(&'m Table, &'m Column)>,
    pub key: ObjectKey,
    /// The type as it is written.
    pub name: &'m str,
    /// The type by its parts. A column of a domain has that one, for the domain is judged by itself.
    pub data_type: ColumnType,
}

impl<'m> Typed<'m> {
    /// Begins a finding: "Column x of table y" or "Domain z" with what is said of it.
    pub fn draft(&self, fault: &str) -> Draft {
        let identity = self.key.identity();
        let (subject, name) = match self.column {
            Some((_, column)) => (format!("Column {} of table {identity}", column.name), Some(&*column.name)),
            None => (format!("Domain {identity}"), None),
        };
        let draft = Draft::of(self.key.clone(), format!("{subject} {fault}.")).fact("type", self.name);
        match name {
            Some(name) => draft.column(name),
            None => draft,
        }
    }
}

/// Returns the columns of tables that are not handed down by a parent in the model, and the domains.
pub(crate) fn all_typed<'m>(cx: &Context<'m>) -> impl Iterator<Item = Typed<'m>> + use<'m> {
    let columns = own_columns(cx).map(|(table, column)| Typed {
        column: Some((table, column)),
        key: table.object_key(),
        name: &column.data_type,
        data_type: ColumnType::parse(&column.data_type),
    });
    let domains = cx.model.domains.iter().map(|domain| Typed {
        column: None,
        key: domain.object_key(),
        name: &domain.base_type,
        data_type: ColumnType::parse(&domain.base_type),
    });
    columns.chain(domains)
}

/// Returns the columns of tables that are declared there: not those that a parent in the model hands down.
pub(crate) fn own_columns<'m>(cx: &Context<'m>) -> impl Iterator<Item = (&'m Table, &'m Column)> + use<'m> {
    let index = cx.index;
    let own = cx.own_tables().flat_map(|table| table.columns.iter().map(move |column| (table, &**column)));
    own.filter(move |(table, column)| {
        let known = || table.parents().any(|parent| index.table(&parent.schema, &parent.name).is_some());
        !column.has_parent || !known()
    })
}
