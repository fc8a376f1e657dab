//! Rule pk_int_narrow.

use rustc_hash::FxHashSet;

use crate::analysis::{is_generated, primary_key};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::retype;
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Key of numbers that may run out
    ///
    /// Reports primary keys of one column of type smallint or integer that is not a foreign key, and sequences of these types that belong
    /// to no such key. A smallint key that the server does not number has the level info: it is likely a short list of codes. Sequences that
    /// cycle are not reported.
    ///
    /// # Why
    ///
    /// After 2,147,483,647 rows (32,767 with smallint), rolled back ones included, every INSERT fails, and the change of the type rewrites
    /// the table, which is large at that point.
    ///
    /// # Fix
    ///
    /// Use bigint: the row is rarely longer, because of alignment.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
    /// ```
    Rule {
        name: "pk_int_narrow",
        level: Level::Warning,
        category: Category::Types,
        peers: &["squawk:prefer-big-int", "squawk:prefer-bigint-over-int", "squawk:prefer-bigint-over-smallint"],
        judge: Judge::Schema(check),
    }
}

const NARROW: [&str; 2] = ["smallint", "integer"];

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let mut seen: FxHashSet<(&str, &str, &str)> = FxHashSet::default();
    for table in cx.own_tables() {
        let Some(key) = primary_key(cx.index, table) else { continue };
        let [name] = key.columns.as_slice() else { continue };
        let Some(column) = cx.index.column(table, name) else { continue };
        let keys = cx.index.foreign_keys(&table.schema, &table.name);
        if !NARROW.contains(&&*column.data_type) || keys.iter().any(|own| own.columns.contains(name)) {
            continue;
        }
        seen.insert((&table.schema, &table.name, name));
        let own = table.object_key();
        let detail = format!("Primary key {name} of table {} has type {}.", own.identity(), column.data_type);
        let (fix, others) = retype(cx, table, name, "bigint").unzip();
        let draft = Draft::of(own, detail).column(name).fact("type", &*column.data_type).fix(fix);
        let draft = draft.fact("also_changed", others.unwrap_or_default());
        let is_list = &*column.data_type == "smallint" && !is_generated(column);
        report.add(if is_list { draft.level(Level::Info) } else { draft });
    }
    for sequence in cx.model.sequences.iter().filter(|own| NARROW.contains(&&*own.data_type) && !own.cycle) {
        let owner = sequence.owned_by.as_ref().map(|owner| (&*owner.schema, &*owner.table, &*owner.column));
        if owner.is_some_and(|owner| seen.contains(&owner)) {
            continue;
        }
        let own = sequence.object_key();
        let detail = format!("Sequence {} has type {}.", own.identity(), sequence.data_type);
        report.add(Draft::of(own, detail).fact("type", &*sequence.data_type));
    }
}
