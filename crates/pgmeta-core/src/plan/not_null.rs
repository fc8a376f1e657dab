//! Not-null constraints of columns: set, dropped, and, since PostgreSQL 18, renamed, validated and passed to children. CREATE TABLE
//! contains those of a new table.

use rustc_hash::FxHashSet;

use crate::ddl::column as ddl;
use crate::ident::{Name, ident, qualified};
use crate::interrupt::check;
use crate::model::{Column, NotNull, Object, ObjectKey, Table};
use crate::plan::alter::Sides;
use crate::plan::column_facts;
use crate::plan::merge::join;
use crate::plan::shared;
use crate::plan::step::{LockLevel, Run, Statement};

/// Appends the changes of a column's not-null constraint.
pub fn alter(
    (old_table, old): (&Table, &Column),
    (table, new): (&Table, &Column),
    alter: &str,
    sides: &Sides<'_>,
    online: &mut Online,
    out: &mut Vec<Statement>,
) {
    let key = table.key();
    let name = ident(&new.name);
    let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
    match (&old.not_null, &new.not_null) {
        (Some(was), None) if !was.inherited => {
            out.push(exclusive(format!("{alter} ALTER COLUMN {name} DROP NOT NULL")).one_of(alter).of_nullability());
        }
        (None, Some(is)) if !is.inherited && old.identity.is_none() && new.identity.is_none() => {
            // Since 18 they have names, and children get their parent's unless they already have a constraint.
            let named = sides.new.model.server_version_num >= 180_000;
            if named && inherits_not_null(table, new, sides) {
                return;
            }
            for child in if named { children_that_set_not_null(table, new, sides) } else { Vec::new() } {
                let column = sides.new.column(child, &new.name).map(|column| (column, column.not_null.as_deref()));
                if let Some((column, Some(own))) = column {
                    let alter = crate::plan::parameters::relation(child);
                    set_not_null(child, column, own, &alter, sides, online, out);
                }
            }
            set_not_null(table, new, is, alter, sides, online, out);
        }
        // The name of an inherited constraint is not compared, so that it may differ from the name in the old model.
        (Some(was), Some(is))
            if !new.has_parent && former(table, &new.name, sides).is_none_or(|own| !own.has_parent) =>
        {
            change((old_table, old, was), (table, new, is), alter, sides, out);
        }
        _ => {}
    }
}

/// Returns a column of a table in the old model.
fn former<'s>(table: &Table, name: &str, sides: &'s Sides<'_>) -> Option<&'s Column> {
    sides.old.table(&table.schema, &table.name).and_then(|old| sides.old.column(old, name))
}

/// Appends the changes of a not-null constraint that both models have. Parents change those of their children.
fn change(
    (old_table, old, was): (&Table, &Column, &NotNull),
    (table, new, is): (&Table, &Column, &NotNull),
    alter: &str,
    sides: &Sides<'_>,
    out: &mut Vec<Statement>,
) {
    let key = table.key();
    let [before, after] = [ddl::not_null_name(old_table, old, was), ddl::not_null_name(table, new, is)];
    let (relation, mut name) = (qualified(&table.schema, &table.name), &before);
    let exclusive = |sql: String| Statement::new(&key, sql).lock(LockLevel::AccessExclusive);
    if before != after && (was.no_inherit || is_shared_with_children(old_table, old, &before, sides)) {
        out.push(exclusive(format!("ALTER TABLE {relation} RENAME CONSTRAINT {before} TO {after}")));
        name = &after;
    }
    if was.no_inherit != is.no_inherit {
        let word = if is.no_inherit { "NO INHERIT" } else { "INHERIT" };
        out.push(exclusive(format!("{alter} ALTER CONSTRAINT {name} {word}")));
    }
    if was.not_valid && !is.not_valid {
        let validate = Statement::new(&key, format!("{alter} VALIDATE CONSTRAINT {name}"));
        out.push(validate.lock(LockLevel::ShareUpdateExclusive).checks_rows().run(Run::Alone));
    }
    let target = format!("CONSTRAINT {name} ON {relation}");
    shared::comment(&key, &target, was.comment.as_deref(), is.comment.as_deref(), sides, out);
}

/// Returns whether all tables below have the inherited constraint under the same name: the server renames them together.
fn is_shared_with_children(table: &Table, column: &Column, name: &str, sides: &Sides<'_>) -> bool {
    let is_alike = |child: &Table| {
        let own = sides.old.column(child, &column.name);
        let constraint = own.and_then(|own| Some((own, own.not_null.as_deref()?)));
        constraint.is_none_or(|(own, constraint)| ddl::not_null_name(child, own, constraint) == name)
    };
    sides.old.descendants(table).into_iter().all(is_alike)
}

/// Returns whether a column becomes NOT NULL by a declaration of its own.
fn becomes_not_null(table: &Table, name: &str, sides: &Sides<'_>) -> bool {
    let old = former(table, name, sides);
    let own = sides.new.column(table, name).and_then(|column| column.not_null.as_deref());
    old.is_some_and(|old| old.not_null.is_none()) && own.is_some_and(|own| !own.inherited)
}

/// Returns whether the column also becomes NOT NULL in a table above: that table's statements come first.
fn inherits_not_null(table: &Table, column: &Column, sides: &Sides<'_>) -> bool {
    let above = |table: &Table| {
        let parents = table.parents().filter_map(|parent| sides.new.table(&parent.schema, &parent.name));
        parents.collect::<Vec<_>>()
    };
    let mut waiting = above(table);
    let mut seen: FxHashSet<(&str, &str)> = FxHashSet::default();
    while let Some(parent) = waiting.pop() {
        check();
        if becomes_not_null(parent, &column.name, sides) {
            return true;
        }
        if seen.insert((&parent.schema, &parent.name)) {
            waiting.extend(above(parent));
        }
    }
    false
}

/// Returns the tables below in which a column becomes NOT NULL by its own declaration, the lowest first.
fn children_that_set_not_null<'m>(table: &Table, column: &Column, sides: &Sides<'m>) -> Vec<&'m Table> {
    let mut found = sides.new.descendants(table);
    found.retain(|child| becomes_not_null(child, &column.name, sides));
    found.reverse();
    found
}

/// Appends SET NOT NULL, in the form that lets other sessions use the table during the scan.
fn set_not_null(
    table: &Table,
    column: &Column,
    constraint: &NotNull,
    alter: &str,
    sides: &Sides<'_>,
    online: &mut Online,
    out: &mut Vec<Statement>,
) {
    let key = &table.key();
    let name = ident(&column.name);
    if constraint.not_valid || constraint.no_inherit || constraint.name.is_some() {
        let (chosen, flags) = (ddl::not_null_name(table, column, constraint), not_null_flags(constraint));
        let sql = format!("{alter} ADD CONSTRAINT {chosen} NOT NULL {name}{flags}");
        let statement = Statement::new(key, sql).lock(LockLevel::AccessExclusive);
        out.push(if constraint.not_valid || table.foreign.is_some() { statement } else { statement.checks_rows() });
        return;
    }
    let set = format!("{alter} ALTER COLUMN {name} SET NOT NULL");
    if table.foreign.is_some() {
        out.push(Statement::new(key, set));
        return;
    }
    if sides.is_small(key) {
        let statement = Statement::new(key, set).lock(LockLevel::AccessExclusive).one_of(alter);
        out.push(statement.checks_rows().of_nullability());
        return;
    }
    let helper = ident(&crate::plan::names::helper(&[&table.name, &column.name], "not_null_check"));
    online.add(key, alter, Helper { column: column.name.clone(), check: helper });
}

/// The temporary check of a column that becomes NOT NULL.
struct Helper {
    column: Name,
    check: String,
}

/// The columns that become NOT NULL by a check that is validated while others use the table. The columns of a table share one scan.
#[derive(Default)]
pub struct Online {
    tables: Vec<(ObjectKey, String, Vec<Helper>)>,
}

impl Online {
    fn add(&mut self, key: &ObjectKey, alter: &str, helper: Helper) {
        match self.tables.iter_mut().find(|(table, ..)| table == key) {
            Some((.., helpers)) => helpers.push(helper),
            None => self.tables.push((key.clone(), alter.to_owned(), vec![helper])),
        }
    }

    /// Returns the statements, table by table.
    pub fn into_statements(self) -> Vec<Statement> {
        let mut out = Vec::new();
        for (key, alter, helpers) in self.tables {
            check();
            let all = |of_column: &dyn Fn(&Helper) -> String| {
                let each = helpers.iter().map(|helper| {
                    check();
                    let statement = Statement::new(&key, of_column(helper)).one_of(&alter).of_nullability();
                    column_facts::of(statement, &helper.column)
                });
                // They are not joined with other statements: SET NOT NULL needs the check, which is dropped after it.
                join(each).map(|statement| Statement { action: None, ..statement })
            };
            let add = all(&|Helper { column, check }| {
                format!("{alter} ADD CONSTRAINT {check} CHECK ({} IS NOT NULL) NOT VALID", ident(column))
            });
            out.extend(add.map(|add| add.lock(LockLevel::AccessExclusive).run(Run::Alone)));
            let validate = all(&|helper| format!("{alter} VALIDATE CONSTRAINT {}", helper.check));
            let validate = validate.map(|validate| validate.lock(LockLevel::ShareUpdateExclusive).checks_rows());
            let why = "reads the table while other sessions read and write it";
            out.extend(validate.map(|validate| validate.run(Run::Alone).reason(why)));
            let set = all(&|helper| format!("{alter} ALTER COLUMN {} SET NOT NULL", ident(&helper.column)));
            let why = "the server skips the scan because of the valid check";
            out.extend(set.map(|set| set.lock(LockLevel::AccessExclusive).reason(why)));
            let drop = all(&|helper| format!("{alter} DROP CONSTRAINT {}", helper.check));
            out.extend(drop.map(|drop| drop.lock(LockLevel::AccessExclusive)));
        }
        out
    }
}

fn not_null_flags(constraint: &NotNull) -> String {
    let no_inherit = if constraint.no_inherit { " NO INHERIT" } else { "" };
    let not_valid = if constraint.not_valid { " NOT VALID" } else { "" };
    format!("{no_inherit}{not_valid}")
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use crate::model::Model;
    use crate::plan::{Options, plan};

    /// A table, and a child whose constraint is called `child`.
    fn model(not_null: &str, child: &str) -> Model {
        let column = |attributes: &str| format!(r#"[{{"name": "a", "data_type": "integer", {attributes}}}]"#);
        let own = column(&format!(r#""not_null": {{{not_null}}}"#));
        let of_parent =
            format!(r#""inherited": true, "has_parent": true, "not_null": {{"inherited": true, "name": "{child}"}}"#);
        let text = format!(
            r#"{{"format_version": 1, "server_version_num": 180000, "tables": [
              {{"schema": "s", "name": "t", "columns": {own}}},
              {{"schema": "s", "name": "u", "columns": {}, "inherits": [{{"schema": "s", "name": "t"}}]}}]}}"#,
            column(&of_parent)
        );
        Model::from_json(&text).unwrap()
    }

    fn statements(old: &str, new: &str, child: &str) -> Vec<String> {
        let (old, new) = (model(old, child), model(new, child));
        let steps = plan(&old, &new, &[], &Options::default()).unwrap();
        steps.into_iter().map(|step| step.statement.sql).collect()
    }

    #[test]
    fn constraints_change_in_place() {
        let name = "t_a_not_null";
        assert_eq!(statements("", r#""name": "n""#, name), ["ALTER TABLE s.t RENAME CONSTRAINT t_a_not_null TO n"]);
        assert_eq!(
            statements(r#""not_valid": true"#, r#""comment": "c""#, name),
            ["ALTER TABLE s.t VALIDATE CONSTRAINT t_a_not_null", "COMMENT ON CONSTRAINT t_a_not_null ON s.t IS 'c'"]
        );
        let handed_down = ["ALTER TABLE s.t ALTER CONSTRAINT t_a_not_null INHERIT"];
        assert_eq!(statements(r#""no_inherit": true"#, "", name), handed_down);
    }

    #[test]
    fn not_null_names_that_a_child_lacks_are_kept() {
        let told = statements("", r#""name": "n""#, "other");
        assert_eq!(told, ["-- table s.t differs in columns"]);
    }
}
