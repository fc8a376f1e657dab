//! All indexes of a table in one form: those of the user and those behind constraints.

use pgmeta_core::ident::Name;
use pgmeta_core::model::{
    Constraint, ConstraintKind, Index, IndexColumn, ModelIndex, NullsOrder, ObjectKey, ObjectRef, Setting,
};

/// The object that an index is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum IndexObject<'m> {
    /// An index that no constraint needs.
    Index(&'m Index),
    /// The index behind a primary key or unique constraint.
    Constraint(&'m Constraint),
}

/// An index, whatever it is for. The index behind an exclusion constraint has no such view: its keys are text.
#[derive(Clone, Debug)]
pub(crate) struct IndexView<'m> {
    pub object: IndexObject<'m>,
    pub name: &'m Name,
    pub method: &'m str,
    pub keys: Vec<Key<'m>>,
    pub include: &'m [Name],
    pub unique: bool,
    pub nulls_not_distinct: bool,
    pub predicate: Option<&'m str>,
    /// The storage parameters.
    pub options: &'m [Setting],
    /// Whether an index of the parent has it as a part.
    pub is_attached: bool,
}

/// A key column of an index.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Key<'m> {
    /// A column; absent: it is an expression.
    pub column: Option<&'m str>,
    pub expression: Option<&'m str>,
    /// Another collation than the column's.
    pub collation: Option<&'m str>,
    /// Another operator class than the default.
    pub operator_class: Option<&'m str>,
    /// The parameters of the operator class.
    pub class_options: &'m [Setting],
    pub is_descending: bool,
    pub nulls_first: bool,
}

impl<'m> IndexView<'m> {
    /// Returns the view of an index.
    pub fn of_index(index: &'m Index) -> Self {
        Self {
            object: IndexObject::Index(index),
            name: &index.name,
            method: &index.method,
            keys: index.columns.iter().map(Key::of).collect(),
            include: &index.include,
            unique: index.unique,
            nulls_not_distinct: index.nulls_not_distinct,
            predicate: index.predicate.as_deref(),
            options: &index.options,
            is_attached: index.attached_to.is_some(),
        }
    }

    /// Returns the view of the index behind a primary key or unique constraint.
    pub fn of_constraint(constraint: &'m Constraint) -> Option<Self> {
        let index = constraint.index.as_ref().filter(|_| !constraint.excludes())?;
        Some(Self {
            object: IndexObject::Constraint(constraint),
            name: &constraint.name,
            method: "btree",
            keys: constraint.columns.iter().map(|column| Key::of_column(column)).collect(),
            include: &index.include,
            unique: true,
            nulls_not_distinct: index.nulls_not_distinct,
            predicate: None,
            options: &index.options,
            is_attached: index.attached_to.is_some(),
        })
    }

    /// Returns the constraint that the index is behind.
    pub fn constraint(&self) -> Option<&'m Constraint> {
        match self.object {
            IndexObject::Index(_) => None,
            IndexObject::Constraint(constraint) => Some(constraint),
        }
    }

    /// Returns the address of the object: the index, or the constraint that it is behind.
    pub fn key(&self) -> ObjectKey {
        match self.object {
            IndexObject::Index(index) => index.object_key(),
            IndexObject::Constraint(constraint) => constraint.object_key(),
        }
    }

    /// Returns whether it is the index of the primary key.
    pub fn is_primary(&self) -> bool {
        self.constraint().is_some_and(|constraint| constraint.kind == ConstraintKind::PrimaryKey)
    }

    /// Returns the object: the index, or the constraint that it is behind.
    pub fn object(&self) -> ObjectRef<'m> {
        match self.object {
            IndexObject::Index(index) => ObjectRef::Index(index),
            IndexObject::Constraint(constraint) => ObjectRef::Constraint(constraint),
        }
    }

    /// Returns whether it is the replica identity of its table.
    pub fn is_identity(&self) -> bool {
        match self.object {
            IndexObject::Index(index) => index.replica_identity,
            IndexObject::Constraint(constraint) => {
                constraint.index.as_ref().is_some_and(|index| index.replica_identity)
            }
        }
    }

    /// Returns whether something refers to it by name: it is the replica identity, or the table is clustered on it.
    pub fn is_marked(&self) -> bool {
        match self.object {
            IndexObject::Index(index) => index.replica_identity || index.clustered,
            IndexObject::Constraint(constraint) => {
                constraint.index.as_ref().is_some_and(|index| index.replica_identity || index.clustered)
            }
        }
    }
}

impl<'m> Key<'m> {
    fn of(column: &'m IndexColumn) -> Self {
        Self {
            column: column.column.as_deref(),
            expression: column.expression.as_deref(),
            collation: column.collation.as_deref(),
            operator_class: column.operator_class.as_deref(),
            class_options: &column.operator_class_options,
            is_descending: column.descending,
            nulls_first: match column.nulls {
                NullsOrder::Default => column.descending,
                NullsOrder::First => true,
                NullsOrder::Last => false,
            },
        }
    }

    /// Returns a plain key column.
    pub fn of_column(column: &'m str) -> Self {
        Self {
            column: Some(column),
            expression: None,
            collation: None,
            operator_class: None,
            class_options: &[],
            is_descending: false,
            nulls_first: false,
        }
    }
}

/// Returns all indexes of a table or materialized view: those behind constraints first, each group by name.
pub(crate) fn index_views<'m>(index: &'m ModelIndex<'m>, schema: &'m str, table: &'m str) -> Vec<IndexView<'m>> {
    let of_constraints = index.constraints_of(schema, table).iter().filter_map(|own| IndexView::of_constraint(own));
    let own = index.indexes_of(schema, table).iter().map(|own| IndexView::of_index(own));
    of_constraints.chain(own).collect()
}
