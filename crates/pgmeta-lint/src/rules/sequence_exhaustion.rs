//! Rule sequence_exhaustion.

use pgmeta_core::ident::qualified;
use pgmeta_core::model::{Column, Sequence, Table};
use rustc_hash::FxHashMap;

use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::retype;
use crate::rule::{Category, Judge, Level, Need, rule};
use crate::settings::RuleOption;

rule! {
    /// Sequence that is nearly used up
    ///
    /// Reports sequences of which at least the option's fraction of values is used. The end is that of the sequence, or that of the
    /// type of the column which it numbers: a bigint sequence of an integer column ends at 2,147,483,647. Sequences that cycle are
    /// not reported.
    ///
    /// # Why
    ///
    /// At the end every INSERT fails, and the change of a large table's type takes its time.
    ///
    /// # Fix
    ///
    /// Change the column, and the columns that refer to it, to bigint before.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id serial PRIMARY KEY);
    /// SELECT setval('app.orders_id_seq', 2000000000);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.orders (id bigserial PRIMARY KEY);
    /// SELECT setval('app.orders_id_seq', 2000000000);
    /// ```
    Rule {
        name: "sequence_exhaustion",
        level: Level::Error,
        category: Category::Operations,
        needs: &[Need::Sequences],
        options: &[MAX_FRACTION],
        peers: &["pg-index-health:sequence_overflow"],
        judge: Judge::Schema(check),
    }
}

const MAX_FRACTION: RuleOption =
    RuleOption::fraction("max_fraction", 0.8, "The fraction of used values from which it is reported.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let most = cx.settings.fraction(&MAX_FRACTION);
    let users = users(cx);
    for sequence in cx.model.sequences.iter().filter(|own| !own.cycle) {
        pgmeta_core::interrupt::check();
        let Some(last) = cx.statistics.last_value(&sequence.schema, &sequence.name) else { continue };
        let user = user(cx, sequence, &users);
        let bound = user.and_then(|(_, column)| largest(&column.data_type));
        let (start, end) = match sequence.increment < 0 {
            true => (sequence.max, sequence.min.max(bound.map_or(i64::MIN, |largest| -largest - 1))),
            false => (sequence.min, sequence.max.min(bound.unwrap_or(i64::MAX))),
        };
        let used = fraction(start, last, end);
        if used < most {
            continue;
        }
        let key = sequence.object_key();
        let detail = format!("{:.0} % of the values of sequence {} are used.", used * 100.0, key.identity());
        let fix = user.and_then(|(table, column)| {
            matches!(&*column.data_type, "smallint" | "integer")
                .then(|| retype(cx, table, &column.name, "bigint"))
                .flatten()
        });
        let draft = Draft::of(key, detail).fact("last_value", last).fact("end_value", end).fix(fix.map(|(fix, _)| fix));
        report.add(
            draft.fact("column", user.map(|(table, own)| format!("{}.{}", table.object_key().identity(), own.name))),
        );
    }
}

/// Returns how much of the way from the start to the end is done.
#[expect(clippy::cast_precision_loss, reason = "fractions are compared roughly")]
fn fraction(start: i64, last: i64, end: i64) -> f64 {
    let distance = |to: i64| (i128::from(to) - i128::from(start)).unsigned_abs() as f64;
    if distance(end) > 0.0 { distance(last) / distance(end) } else { 1.0 }
}

/// Returns the largest value of an integer type.
fn largest(data_type: &str) -> Option<i64> {
    match data_type {
        "smallint" => Some(i16::MAX.into()),
        "integer" => Some(i32::MAX.into()),
        _ => None,
    }
}

/// Returns the column that a sequence numbers: that which owns it, or one whose default calls it.
fn user<'m>(
    cx: &Context<'m>,
    sequence: &Sequence,
    users: &FxHashMap<String, (&'m Table, &'m Column)>,
) -> Option<(&'m Table, &'m Column)> {
    if let Some(owner) = &sequence.owned_by {
        let table = cx.index.table(&owner.schema, &owner.table)?;
        return Some((table, cx.index.column(table, &owner.column)?));
    }
    users.get(&qualified(&sequence.schema, &sequence.name)).copied()
}

/// Returns the columns whose default is the next value of a sequence, by the sequence's name.
fn users<'m>(cx: &Context<'m>) -> FxHashMap<String, (&'m Table, &'m Column)> {
    let columns = cx.tables().flat_map(|table| table.columns.iter().map(move |column| (table, &**column)));
    let named = columns.filter_map(|(table, column)| {
        let name = column.default.as_deref()?.strip_prefix("nextval('")?.strip_suffix("'::regclass)")?;
        Some((name.replace("''", "'"), (table, column)))
    });
    named.collect()
}
