//! Rule fk_type_mismatch.

use pgmeta_core::model::{Column, Table};

use crate::analysis::ColumnType;
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::retype;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Foreign key between columns of different types
    ///
    /// Reports foreign keys in which a column and the one it refers to differ in type, in the modifier of the type, or in collation. A
    /// domain counts as the type that it is based on.
    ///
    /// # Why
    ///
    /// Values that the referenced column has may not fit, each check and join converts values, and some conversions keep indexes from
    /// being used.
    ///
    /// # Fix
    ///
    /// Give the referring column the type of the referenced one.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id integer REFERENCES app.customers);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers);
    /// ```
    Rule {
        name: "fk_type_mismatch",
        level: Level::Warning,
        category: Category::Types,
        peers: &["pglinter:B008", "pg-index-health:foreign_keys_with_unmatched_column_type"],
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    for constraint in cx.constraints() {
        let Some(key) = &constraint.foreign_key else { continue };
        let tables =
            (cx.index.table(&constraint.schema, &constraint.table), cx.index.table(&key.table.schema, &key.table.name));
        let (Some(own_table), Some(other_table)) = tables else { continue };
        for (own, other) in constraint.columns.iter().zip(&key.columns) {
            let columns = (cx.index.column(own_table, own), cx.index.column(other_table, other));
            let (Some(own), Some(other)) = columns else { continue };
            let Some((is, should)) = difference(cx, own, other) else { continue };
            let object = constraint.object_key();
            let detail = format!(
                "Column {} of foreign key {} has {is}, but the referenced column {} has {should}.",
                own.name,
                object.identity(),
                other.name,
            );
            let (fix, others) = fix(cx, own_table, own, other).unzip();
            let draft = Draft::of(object, detail).part(&*own.name).fact("column", &*own.name).fix(fix);
            let draft = draft.fact("type", &*own.data_type).fact("referenced_type", &*other.data_type);
            report.add(draft.fact("also_changed", others.unwrap_or_default()));
        }
    }
}

/// Returns in what two columns differ.
fn difference(cx: &Context<'_>, own: &Column, other: &Column) -> Option<(String, String)> {
    let [is, should] = [own, other].map(|column| ColumnType::of(cx.index, &column.data_type));
    if (is.base, is.modifier, is.is_array) != (should.base, should.modifier, should.is_array) {
        return Some((format!("type {}", own.data_type), format!("type {}", other.data_type)));
    }
    let collation = |column: &Column| match &column.collation {
        Some(name) => format!("collation {name}"),
        None => "the default collation".to_owned(),
    };
    (own.collation != other.collation).then(|| (collation(own), collation(other)))
}

/// Returns the plan that widens the referring column: every value that it has is the same in the new type.
fn fix<'m>(cx: &Context<'m>, table: &'m Table, own: &Column, other: &Column) -> Option<(crate::fix::Fix, Vec<String>)> {
    const INTEGERS: [&str; 3] = ["smallint", "integer", "bigint"];
    let width = |column: &Column| INTEGERS.iter().position(|name| *name == &*column.data_type);
    let length = |column: &Column| match &*column.data_type {
        "text" | "character varying" => Some(u32::MAX),
        name => name.strip_prefix("character varying(")?.strip_suffix(')')?.parse().ok(),
    };
    let is_wider = width(own).zip(width(other)).or_else(|| {
        let lengths = length(own).zip(length(other))?;
        Some((usize::try_from(lengths.0).ok()?, usize::try_from(lengths.1).ok()?))
    });
    let is_wider = is_wider.is_some_and(|(own, other)| own <= other) && own.collation == other.collation;
    is_wider.then(|| retype(cx, table, &own.name, &other.data_type)).flatten()
}
