//! Columns that hold rows of a changing table: the server alters no table whose row type is stored elsewhere. The plan converts these
//! columns to JSON, by column names, and back.

use rustc_hash::FxHashSet;

use crate::ident::{Name, ident, literal, qualified};
use crate::interrupt::check;
use crate::model::{Column, ObjectKey, ObjectKind, ObjectRef, Table};
use crate::plan::alter::ColumnChange;
use crate::plan::build::{Action, Builder};
use crate::plan::column_facts::{default_key, with_default};
use crate::plan::names::helper;
use crate::plan::parameters::relation;
use crate::plan::step::{Hazard, LockLevel, Statement};

impl<'m> Builder<'_, 'm> {
    /// Prepares a change of a table that the server refuses while other tables store its rows: their columns change, too.
    pub(super) fn save_rows_of(&mut self, table: &ObjectKey, waiting: &mut Vec<ObjectKey>) {
        let mut changing = vec![table.clone()];
        while let Some(table) = changing.pop() {
            changing.extend(self.save_direct_rows_of(&table, waiting));
        }
    }

    /// The same for columns with rows of just this table. Returns the tables of those columns.
    fn save_direct_rows_of(&mut self, on: &ObjectKey, waiting: &mut Vec<ObjectKey>) -> Vec<ObjectKey> {
        let mut changed = Vec::new();
        let holders = self.holders(on);
        let names: FxHashSet<String> = holders.iter().map(ObjectKey::identity).collect();
        let has = |column: &Column| names.contains(column.data_type.strip_suffix("[]").unwrap_or(&column.data_type));
        let dependents = holders.iter().flat_map(|key| self.dependents.on(key)).map(|(key, _)| key);
        let mut tables: Vec<&ObjectKey> =
            dependents.filter(|key| key.kind == ObjectKind::Table && *key != on).collect();
        tables.sort();
        tables.dedup();
        for key in tables {
            check();
            let states = (self.dependents.objects.get(key), self.news.get(key));
            let (Some(&ObjectRef::Table(old)), Some(&ObjectRef::Table(new))) = states else { continue };
            let mut moved = Vec::new();
            for (position, column) in old.columns.iter().enumerate().filter(|(_, column)| has(column)) {
                let is_kept =
                    self.sides.new.column(new, &column.name).is_some_and(|is| is.data_type == column.data_type);
                if !is_kept {
                    continue;
                }
                let of = self.saved_rows.entry((key.clone(), column.name.clone())).or_default();
                if of.is_empty() {
                    moved.push(ColumnChange { column: column.name.clone(), retyped: true });
                }
                if !of.contains(on) {
                    of.push(on.clone());
                }
                if column.default.is_some() && column.generated.is_none() {
                    self.suspended.insert((key.clone(), position));
                }
            }
            if !moved.is_empty() {
                self.actions.entry(key.clone()).or_insert(Action::Alter);
                self.drop_column_dependents(key, old, &moved, waiting);
                changed.push(key.clone());
            }
        }
        changed
    }

    /// Returns a table, and the types and domains whose values contain its rows.
    fn holders(&self, table: &ObjectKey) -> Vec<ObjectKey> {
        let mut keys = vec![table.clone()];
        let mut seen: FxHashSet<ObjectKey> = FxHashSet::default();
        let mut at = 0;
        while let Some(key) = keys.get(at).cloned() {
            at += 1;
            for (dependent, _) in self.dependents.on(&key) {
                check();
                let holds =
                    matches!(self.dependents.objects.get(dependent), Some(ObjectRef::Type(_) | ObjectRef::Domain(_)));
                if holds && dependent != table && seen.insert(dependent.clone()) {
                    keys.push(dependent.clone());
                }
            }
        }
        keys
    }

    /// Appends the statements that convert columns of rows to JSON while the type of the rows changes.
    pub(super) fn save_as_json(&self, old: &Table, out: &mut Vec<Statement>) {
        let alter = relation(old);
        for column in self.saved_columns(old) {
            check();
            let name = ident(&column.name);
            let sql = format!("{alter} ALTER COLUMN {name} TYPE pg_catalog.json USING pg_catalog.to_json({name})");
            out.push(
                self.saves_rows(old, column, sql)
                    .reason("the column holds rows of a type that changes: it keeps them as JSON meanwhile"),
            );
        }
    }

    /// Appends the statements that convert the JSON back to rows.
    pub(super) fn restore_from_json(&self, old: &Table, new: &Table, out: &mut Vec<Statement>) {
        let alter = relation(new);
        for column in self.saved_columns(old) {
            check();
            let (name, data_type) = (ident(&column.name), &column.data_type);
            let convert_back = |rows: &str| {
                let sql = format!("{alter} ALTER COLUMN {name} TYPE {data_type} USING {rows}");
                self.saves_rows(new, column, sql)
                    .hazard(Hazard::Correctness)
                    .reason("the new type reads the values from JSON, and may read them differently")
            };
            if self.sides.old.is_row_type(data_type) {
                out.push(convert_back(&format!("pg_catalog.json_populate_record(NULL::{data_type}, {name})")));
                continue;
            }
            // The server reads other types from JSON only as a part of a row.
            let wrapper = Name::from(helper(&[&new.name, &column.name], "row"));
            let key = ObjectKey::in_schema(ObjectKind::Type, &new.schema, &wrapper);
            let wrapper = qualified(&new.schema, &wrapper);
            let of = |sql: String| {
                let mut statement = Statement::new(&key, sql);
                statement.needs.extend(self.rows_in(new, column));
                statement.unit(default_key(&new.object_key(), &column.name))
            };
            let object = format!("pg_catalog.json_build_object({}, {name})", literal(&column.name));
            out.push(of(format!("CREATE TYPE {wrapper} AS ({name} {data_type})")));
            let rows = format!("(pg_catalog.json_populate_record(NULL::{wrapper}, {object})).{name}");
            out.push(convert_back(&rows).needs(key.clone()));
            out.push(of(format!("DROP TYPE {wrapper}")));
        }
    }

    /// Returns the tables whose rows a column holds.
    fn rows_in(&self, table: &Table, column: &Column) -> Vec<ObjectKey> {
        self.saved_rows.get(&(table.object_key(), column.name.clone())).cloned().unwrap_or_default()
    }

    fn saves_rows(&self, table: &Table, column: &Column, sql: String) -> Statement {
        let statement = Statement::new(&table.object_key(), sql).lock(LockLevel::AccessExclusive);
        let mut statement = statement.rewrites(table.object_key().identity());
        statement.needs.extend(self.rows_in(table, column));
        with_default(statement, &column.name)
    }

    /// Iterates over the saved columns of a table, except inherited ones.
    fn saved_columns<'t>(&self, old: &'t Table) -> impl Iterator<Item = &'t Column> {
        let key = old.object_key();
        let saved_rows = !self.saved_rows.is_empty();
        let columns = old.columns.iter().map(|column| &**column).filter(move |_| saved_rows);
        columns.filter(move |column| {
            !column.has_parent && self.saved_rows.contains_key(&(key.clone(), column.name.clone()))
        })
    }
}
