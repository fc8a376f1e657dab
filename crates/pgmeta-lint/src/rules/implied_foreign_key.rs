//! Rule implied_foreign_key.

use pgmeta_core::model::{Column, Constraint, ConstraintKind, ForeignKey, ObjectRef, RelationName, Table};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::analysis::{ColumnType, primary_key, singulars};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::Fix;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Column that looks like a foreign key
    ///
    /// Reports columns without a foreign key that are named as the primary key of another table of the schema, with its name before it
    /// (`customer_id` for `customers.id`) or without (`customer_no` for `customers.customer_no`), and have its type. Primary keys of one
    /// column count, names that the option lists do not, and a name that fits several tables is not reported.
    ///
    /// # Why
    ///
    /// Without a foreign key nothing keeps the column from referring to rows that do not exist.
    ///
    /// # Fix
    ///
    /// Add the foreign key. It fails for rows that refer to nothing: correct these first.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.customers (id bigint PRIMARY KEY);
    /// CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint);
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
        name: "implied_foreign_key",
        level: Level::Info,
        category: Category::Design,
        options: &[IGNORED],
        judge: Judge::Schema(check),
    }
}

const IGNORED: RuleOption = RuleOption::list(
    "ignored_columns",
    &["id", "name", "code", "key", "type", "value", "version", "uuid", "date", "day"],
    "Columns of primary keys that are not looked for by their name alone.",
);

/// A primary key of one column.
struct Target<'m> {
    table: &'m Table,
    column: &'m Column,
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let ignored = cx.list(&IGNORED);
    let targets = targets(cx, &ignored);
    for table in cx.own_tables() {
        let keys = cx.index.foreign_keys(&table.schema, &table.name);
        let known: FxHashSet<&str> = keys.iter().flat_map(|key| &key.columns).map(|column| &**column).collect();
        let own_key: Vec<&str> =
            primary_key(cx.index, table).into_iter().flat_map(|key| &key.columns).map(|column| &**column).collect();
        for column in &table.columns {
            // A key of one column is the table's own.
            let is_own = own_key == [&*column.name];
            if known.contains(&*column.name) || is_own || column.generated.is_some() {
                continue;
            }
            let named = targets.get(&(&*table.schema, column.name.to_lowercase()));
            let Some([target]) = named.map(Vec::as_slice) else { continue };
            let is_self = target.table.name == table.name;
            let has_type =
                ColumnType::of(cx.index, &column.data_type) == ColumnType::of(cx.index, &target.column.data_type);
            if has_type && !is_self {
                report_column(cx, report, table, column, target);
            }
        }
    }
}

/// Returns the primary keys by schema and the names of columns that would refer to them.
fn targets<'m>(cx: &Context<'m>, ignored: &[String]) -> FxHashMap<(&'m str, String), Vec<Target<'m>>> {
    let mut found: FxHashMap<(&str, String), Vec<Target<'m>>> = FxHashMap::default();
    for table in cx.own_tables() {
        let Some([name]) = primary_key(cx.index, table).map(|key| key.columns.as_slice()) else { continue };
        let Some(column) = cx.index.column(table, name) else { continue };
        // A key that is a foreign key is that of another table.
        let keys = cx.index.foreign_keys(&table.schema, &table.name);
        if keys.iter().any(|key| key.columns == [name.clone()]) {
            continue;
        }
        let key = name.to_lowercase();
        let prefixed = singulars(&table.name.to_lowercase()).into_iter().map(|word| format!("{word}_{key}"));
        let alone = (!ignored.contains(&key)).then(|| key.clone());
        let names: FxHashSet<String> = prefixed.chain(alone).collect();
        for name in names {
            found.entry((&*table.schema, name)).or_default().push(Target { table, column });
        }
    }
    found
}

fn report_column<'m>(
    cx: &Context<'m>,
    report: &mut Report<'_>,
    table: &'m Table,
    column: &Column,
    target: &Target<'m>,
) {
    let key = table.object_key();
    let referenced = target.table.object_key().identity();
    let detail = format!(
        "Column {} of table {} is named as the key {} of table {referenced}, but has no foreign key.",
        column.name,
        key.identity(),
        target.column.name
    );
    let constraint = Constraint {
        schema: table.schema.clone(),
        table: table.name.clone(),
        name: format!("{}_{}_fkey", table.name, column.name).into(),
        kind: ConstraintKind::ForeignKey,
        columns: vec![column.name.clone()],
        foreign_key: Some(Box::new(ForeignKey {
            table: RelationName { schema: target.table.schema.clone(), name: target.table.name.clone() },
            columns: vec![target.column.name.clone()],
            ..ForeignKey::default()
        })),
        on_partitioned: table.partition_by.is_some(),
        ..Constraint::default()
    };
    let is_taken = cx.index.constraints_of(&table.schema, &table.name).iter().any(|own| own.name == constraint.name);
    // A name that is too long would be cut.
    let is_exact = !is_taken && constraint.name.len() < 64;
    let primary = primary_key(cx.index, target.table).map(ObjectRef::Constraint);
    let objects = [ObjectRef::Table(table), ObjectRef::Table(target.table)].into_iter().chain(primary);
    let fix = is_exact.then(|| Fix::plan(cx, objects, |model| model.constraints.push(constraint))).flatten();
    let draft = Draft::of(key, detail).column(&column.name).fix(fix);
    report.add(draft.fact("referenced_table", referenced).fact("referenced_column", &*target.column.name));
}
