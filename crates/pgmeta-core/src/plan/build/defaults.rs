//! Defaults of child tables whose columns change their type with the parent's: the server would convert them, or replace them by
//! the parent's default.

use crate::ddl::Context;
use crate::interrupt::check;
use crate::model::{Column, Table};
use crate::plan::build::Builder;
use crate::plan::column_facts::{retyped, with_default};
use crate::plan::drop;
use crate::plan::recreate_type::RecreatedTypes;
use crate::plan::step::Statement;

/// Returns the positions of columns that change their type with a parent's and have a default of their own.
pub fn of_children(table: &Table, get_type: &dyn Fn(&Column) -> bool) -> Vec<usize> {
    let columns = table.columns.iter().enumerate().inspect(|_| check());
    let own = columns.filter(|(_, column)| column.has_parent && column.default.is_some() && column.generated.is_none());
    own.filter(|(_, column)| get_type(column)).map(|(position, _)| position).collect()
}

/// Returns whether a parent of a table has a default for a column in this model.
pub fn parent_has_default(side: &Context<'_>, table: &Table, column: &Column) -> bool {
    let parents = table.parents().filter_map(|parent| side.table(&parent.schema, &parent.name));
    let mut columns = parents.filter_map(|parent| side.column(parent, &column.name));
    columns.any(|own| own.default.is_some() && own.generated.is_none())
}

impl Builder<'_, '_> {
    /// Drops the defaults that columns without a default got from their parent together with the type.
    pub(super) fn without_defaults_of_parents(
        &self,
        old: &Table,
        new: &Table,
        recreated_types: &RecreatedTypes,
        out: &mut Vec<Statement>,
    ) {
        for column in new.columns.iter().filter(|column| column.has_parent && column.default.is_none()) {
            check();
            let Some(was) = self.sides.old.column(old, &column.name) else { continue };
            let gets_type = retyped(was, column) || recreated_types.moves(column);
            if gets_type && parent_has_default(self.sides.new, new, column) {
                out.push(with_default(drop::default(new, column), &column.name));
            }
        }
    }
}
