//! Rule partition_gap.

use crate::analysis::{Gap, bounds_of, gaps};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::fix::{NewNames, add_partitions};
use crate::rule::{Category, Judge, Level, rule};

rule! {
    /// Partitions with a gap between them
    ///
    /// Reports partitioned tables without a DEFAULT partition whose ranges leave out values between two partitions, or whose hash
    /// partitions lack a remainder. There is one finding for each gap.
    ///
    /// # Why
    ///
    /// An INSERT of a row that belongs there fails.
    ///
    /// # Fix
    ///
    /// Create the missing partition.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
    /// CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
    /// CREATE TABLE app.visits_3 PARTITION OF app.visits FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.visits (day date NOT NULL) PARTITION BY RANGE (day);
    /// CREATE TABLE app.visits_1 PARTITION OF app.visits FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
    /// CREATE TABLE app.visits_2 PARTITION OF app.visits FOR VALUES FROM ('2024-02-01') TO ('2024-03-01');
    /// ```
    Rule {
        name: "partition_gap",
        level: Level::Warning,
        category: Category::Design,
        judge: Judge::Schema(check),
    }
}

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let mut names = NewNames::of(cx.model);
    for table in cx.tables().filter(|table| table.partition_by.is_some()) {
        for gap in gaps(&bounds_of(cx, table)) {
            let key = table.object_key();
            let own = key.identity();
            let (detail, part, partitions) = match &gap {
                Gap::Between(from, to) => {
                    let (from, to) = (from.join(", "), to.join(", "));
                    let bound = format!("FOR VALUES FROM ({from}) TO ({to})");
                    (
                        format!("Table {own} has no partition for rows from {from} to {to}."),
                        from,
                        vec![("gap".to_owned(), bound)],
                    )
                }
                Gap::Remainders(modulus, missing) => {
                    let list: Vec<String> = missing.iter().map(u64::to_string).collect();
                    let bound = |number: &u64| {
                        (number.to_string(), format!("FOR VALUES WITH (modulus {modulus}, remainder {number})"))
                    };
                    let detail = format!(
                        "Table {own} has no partition for modulus {modulus} with remainder {}.",
                        list.join(" or ")
                    );
                    (detail, "remainders".to_owned(), missing.iter().map(bound).collect())
                }
            };
            let bounds: Vec<String> = partitions.iter().map(|(_, bound)| bound.clone()).collect();
            let fix = add_partitions(cx, table, &partitions, &mut names);
            report.add(Draft::of(key, detail).part(part).fact("missing_bounds", bounds).fix(fix));
        }
    }
}
