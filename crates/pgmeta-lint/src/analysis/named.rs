//! Everything whose name people write: schemas, relations and their columns, types, functions, sequences of their own.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{ObjectKey, ObjectKind, ObjectRef};

use crate::context::Context;
use crate::finding::Draft;

/// An object or a column with its name.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub name: Name,
    /// The object, or the relation of the column.
    pub key: ObjectKey,
    pub is_column: bool,
}

impl Named {
    /// Returns the type in the words of `pg_identify_object`, or `column`.
    pub fn type_word(&self) -> &'static str {
        if self.is_column { "column" } else { self.key.kind.word() }
    }

    /// Begins a finding: "Column x of table y" or "Table z" with what is said of it.
    pub fn draft(&self, fault: &str) -> Draft {
        let draft = |text: String| Draft::of(self.key.clone(), crate::finding::sentence(text));
        match self.is_column {
            true => draft(format!("column {} of {} {fault}.", self.name, self.key)).column(&self.name),
            false => draft(format!("{} {fault}.", self.key)),
        }
    }
}

/// The kinds whose names people choose.
const NAMED: &[ObjectKind] = &[
    ObjectKind::Schema,
    ObjectKind::Table,
    ObjectKind::ForeignTable,
    ObjectKind::View,
    ObjectKind::MaterializedView,
    ObjectKind::Sequence,
    ObjectKind::Type,
    ObjectKind::Function,
    ObjectKind::Procedure,
];

/// Returns all names in the model's order. Partitions, and columns that a parent hands down, are left out.
pub(crate) fn all_named<'m>(cx: &Context<'m>) -> impl Iterator<Item = Named> + use<'m> {
    let partitions = cx.partitions;
    cx.objects().flat_map(move |object| {
        let folded = matches!(object, ObjectRef::Table(own) if own.partition_of.is_some() && partitions.is_folded(own));
        let columns = if folded { &[] } else { object.columns() };
        let owned = matches!(object, ObjectRef::Sequence(own) if own.owned_by.is_some());
        let key = object.object().key();
        let of_columns = key.clone();
        let is_named = NAMED.contains(&key.kind) && !folded && !owned;
        let own = key.names.last().filter(|_| is_named).cloned().map(|name| Named { name, key, is_column: false });
        let columns = columns.iter().filter(|column| !column.has_parent);
        own.into_iter().chain(columns.map(move |column| Named {
            name: column.name.clone(),
            key: of_columns.clone(),
            is_column: true,
        }))
    })
}
