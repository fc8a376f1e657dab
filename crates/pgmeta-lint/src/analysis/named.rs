//! Everything whose name people write: schemas, relations and their columns, types, functions, sequences of their own.

use pgmeta_core::model::{Column, ObjectKey, ObjectRef};

use crate::context::Context;
use crate::finding::Draft;

/// An object or a column with its name.
#[derive(Clone, Debug)]
pub(crate) struct Named<'m> {
    pub name: &'m str,
    /// The object, or the relation of the column.
    pub key: ObjectKey,
    pub is_column: bool,
}

impl Named<'_> {
    /// Returns the type in the words of `pg_identify_object`, or `column`.
    pub fn type_word(&self) -> &'static str {
        if self.is_column { "column" } else { self.key.kind.word() }
    }

    /// Begins a finding: "Column x of table y" or "Table z" with what is said of it.
    pub fn draft(&self, fault: &str) -> Draft {
        let draft = |text: String| Draft::of(self.key.clone(), crate::finding::sentence(text));
        match self.is_column {
            true => draft(format!("column {} of {} {fault}.", self.name, self.key)).column(self.name),
            false => draft(format!("{} {fault}.", self.key)),
        }
    }
}

/// Returns all names in the model's order. Partitions, and columns that a parent hands down, are left out.
pub(crate) fn all_named<'m>(cx: &Context<'m>) -> impl Iterator<Item = Named<'m>> + use<'m> {
    let partitions = cx.partitions;
    cx.objects().flat_map(move |object| {
        let none: &'m [Box<Column>] = &[];
        let (name, columns) = match object {
            ObjectRef::Schema(own) => (Some(&own.name), none),
            ObjectRef::Table(own) => {
                let is_own = own.partition_of.is_none() || !partitions.is_folded(own);
                (is_own.then_some(&own.name), if is_own { own.columns.as_slice() } else { none })
            }
            ObjectRef::View(own) => (Some(&own.name), own.columns.as_slice()),
            ObjectRef::MaterializedView(own) => (Some(&own.name), own.columns.as_slice()),
            ObjectRef::Sequence(own) => (Some(&own.name).filter(|_| own.owned_by.is_none()), none),
            ObjectRef::Type(own) => (Some(&own.name), none),
            ObjectRef::Domain(own) => (Some(&own.name), none),
            ObjectRef::Function(own) => (Some(&own.name), none),
            _ => (None, none),
        };
        let key = object.object().key();
        let of_columns = key.clone();
        let own = name.map(|name| Named { name, key, is_column: false });
        let columns = columns.iter().filter(|column| !column.has_parent);
        own.into_iter().chain(columns.map(move |column| Named {
            name: &column.name,
            key: of_columns.clone(),
            is_column: true,
        }))
    })
}
