//! Rule column_policy.

use crate::analysis::{ColumnType, own_columns, primary_key};
use crate::context::{Context, Report};
use crate::finding::Draft;
use crate::rule::{Category, Judge, Level, rule};
use crate::settings::RuleOption;

rule! {
    /// Column against the house's rules
    ///
    /// Reports columns of types that the option forbids, columns that may be null or have no default where the options require it,
    /// and varchar columns that are longer than the option allows. Generated columns need no default, columns of primary keys
    /// neither.
    ///
    /// # Why
    ///
    /// The house wants its columns alike.
    ///
    /// # Fix
    ///
    /// Change the column.
    ///
    /// # Bad
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY, ratio real);
    /// ```
    ///
    /// # Good
    ///
    /// ```sql
    /// CREATE SCHEMA app;
    /// CREATE TABLE app.t (id bigint PRIMARY KEY, ratio numeric NOT NULL DEFAULT 0);
    /// ```
    Rule {
        name: "column_policy",
        level: Level::Warning,
        category: Category::Design,
        enabled: false,
        opt_in: true,
        options: &[DISALLOWED_TYPES, REQUIRE_NOT_NULL, REQUIRE_DEFAULT, MAX_LENGTH],
        judge: Judge::Schema(check),
    }
}

const DISALLOWED_TYPES: RuleOption =
    RuleOption::list("disallowed_types", &[], "Types without modifiers that are forbidden.");
const REQUIRE_NOT_NULL: RuleOption = RuleOption::flag("require_not_null", false, "Whether columns must be NOT NULL.");
const REQUIRE_DEFAULT: RuleOption = RuleOption::flag("require_default", false, "Whether columns must have a default.");
const MAX_LENGTH: RuleOption = RuleOption::number("max_length", 0, "The longest varchar(n); 0 allows any.");

fn check(cx: &Context<'_>, report: &mut Report<'_>) {
    let (disallowed, longest) = (cx.list(&DISALLOWED_TYPES), cx.number(&MAX_LENGTH));
    let (not_null, default) = (cx.settings.flag(&REQUIRE_NOT_NULL), cx.settings.flag(&REQUIRE_DEFAULT));
    for (table, column) in own_columns(cx) {
        let data_type = ColumnType::parse(&column.data_type);
        let is_key = primary_key(cx.index, table).is_some_and(|key| key.columns.contains(&column.name));
        let is_filled = column.default.is_some() || column.identity.is_some() || column.generated.is_some() || is_key;
        let length = data_type.modifier.as_ref().filter(|_| data_type.base == "character varying");
        let length = length.and_then(|length| length.parse::<i64>().ok()).unwrap_or(0);
        let faults = [
            (
                "type",
                disallowed.contains(&data_type.base),
                format!("has type {}, which is not allowed", column.data_type),
            ),
            ("null", not_null && column.not_null.is_none(), "may be null".to_owned()),
            ("default", default && !is_filled, "has no default".to_owned()),
            ("length", longest > 0 && length > longest, format!("has {length} characters, and {longest} are allowed")),
        ];
        for (part, _, fault) in faults.into_iter().filter(|(_, is_fault, _)| *is_fault) {
            let key = table.object_key();
            let detail = format!("Column {} of table {} {fault}.", column.name, key.identity());
            report.add(Draft::of(key, detail).column(&column.name).part(part));
        }
    }
}
