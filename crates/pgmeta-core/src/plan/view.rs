//! Changing views: CREATE OR REPLACE where the columns allow it.

use crate::ddl::view;
use crate::ident::{ident, qualified};
use crate::model::{Column, Columns, MaterializedView, Object, View};
use crate::plan::alter::{Alter, Sides, Strategy};
use crate::plan::lookup::By;
use crate::plan::parameters::parameters;
use crate::plan::shared::{self, Revoked};
use crate::plan::step::{LockLevel, Statement};

/// Returns whether OR REPLACE accepts the new columns: the old ones are unchanged, and others may follow.
fn extends(old: &Columns, new: &Columns) -> bool {
    old.len() <= new.len()
        && old
            .iter()
            .zip(new)
            .all(|(old, new)| old.name == new.name && old.data_type == new.data_type && old.collation == new.collation)
}

impl Alter for View {
    fn strategy(&self, new: &Self, _sides: &Sides<'_>) -> Strategy {
        if extends(&self.columns, &new.columns) { Strategy::Alter } else { Strategy::Replace }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let name = qualified(&new.schema, &new.name);
        let expression = crate::diff::expression;
        if expression(&self.definition) != expression(&new.definition) {
            let sql = view::statement(new, "OR REPLACE ");
            out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive));
        } else {
            parameters(&key, &format!("ALTER VIEW {name}"), "", &self.options, &new.options, out);
        }
        let revoked = Revoked::of(self.privileges.as_deref(), new.privileges.as_deref());
        let olds = By::of(&self.columns, |column| &column.name);
        for column in &new.columns {
            let was = olds.get(&&column.name).cloned();
            let was = was.unwrap_or_else(|| Box::new(Column { name: column.name.clone(), ..Column::default() }));
            if was.default != column.default {
                let action =
                    column.default.as_ref().map_or("DROP DEFAULT".to_owned(), |text| format!("SET DEFAULT {text}"));
                out.push(Statement::new(
                    &key,
                    format!("ALTER VIEW {name} ALTER COLUMN {} {action}", ident(&column.name)),
                ));
            }
            shared::column(&key, &name, new.owner.as_ref(), (&revoked.leave(&was), column), sides, out);
        }
    }
}

impl Alter for MaterializedView {
    fn strategy(&self, new: &Self, sides: &Sides<'_>) -> Strategy {
        let expression = crate::diff::expression;
        let same = expression(&self.definition) == expression(&new.definition) && extends(&self.columns, &new.columns);
        let method = self.access_method != new.access_method && sides.new.model.server_version_num < 150_000;
        if same && !method && self.columns.len() == new.columns.len() { Strategy::Alter } else { Strategy::Replace }
    }

    fn alter(&self, new: &Self, sides: &Sides<'_>, out: &mut Vec<Statement>) {
        let key = new.key();
        let name = qualified(&new.schema, &new.name);
        let alter = format!("ALTER MATERIALIZED VIEW {name}");
        if self.access_method != new.access_method {
            let method = ident(new.access_method.as_deref().unwrap_or("heap"));
            let sql = format!("{alter} SET ACCESS METHOD {method}");
            out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive).rewrites(key.identity()));
        }
        if self.tablespace != new.tablespace && sides.options.tablespaces {
            let tablespace = ident(new.tablespace.as_deref().unwrap_or("pg_default"));
            let sql = format!("{alter} SET TABLESPACE {tablespace}");
            out.push(Statement::new(&key, sql).lock(LockLevel::AccessExclusive).rewrites(key.identity()));
        }
        parameters(&key, &alter, "", &self.options, &new.options, out);
        parameters(&key, &alter, "toast.", &self.toast_options, &new.toast_options, out);
        let revoked = Revoked::of(self.privileges.as_deref(), new.privileges.as_deref());
        for (was, column) in self.columns.iter().zip(&new.columns) {
            crate::plan::column::storage(&key, was, column, &alter, out);
            shared::column(&key, &name, new.owner.as_ref(), (&revoked.leave(was), column), sides, out);
        }
    }
}
