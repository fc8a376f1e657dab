//! Row types that several functions return.

use pgmeta_core::plan::{Difference, Step};
use pgmeta_lint::Finding;
use pgrx::prelude::*;

use crate::encoding::{Text, Texts};
use crate::jsonb::JsonB;

returns_table! {
    /// A difference.
    type DiffRow = diff_rows!(
        name!(ordinal, i32),
        name!(change, Text),
        name!(type, Text),
        name!(schema, Option<Text>),
        name!(name, Option<Text>),
        name!(identity, Text),
        name!(detail, JsonB),
    );
}

returns_table! {
    /// A step of a plan.
    type StepRow = step_rows!(
        name!(step, i32),
        name!(transaction, Option<i32>),
        name!(statement, Text),
        name!(hazards, Texts),
        name!(lock_level, Option<Text>),
        name!(lock_timeout_ms, i32),
        name!(statement_timeout_ms, i32),
        name!(rewrites, Texts),
        name!(reason, Option<Text>),
        name!(type, Text),
        name!(identity, Text),
    );
}

returns_table! {
    /// A number of catalog rows.
    type CoverageRow = coverage_rows!(
        name!(type, Text), name!(status, Text), name!(reason, Option<Text>), name!(count, i64),
    );
}

returns_table! {
    /// A finding about a policy, or about archives in general.
    type FindingRow = finding_rows!(
        name!(name, Text), name!(status, Text), name!(detail, Option<Text>), name!(hint, Option<Text>),
    );
}

returns_table! {
    /// A finding of a lint rule.
    type LintRow = lint_rows!(
        name!(rule, Text),
        name!(level, Text),
        name!(category, Text),
        name!(type, Option<Text>),
        name!(schema, Option<Text>),
        name!(name, Option<Text>),
        name!(identity, Option<Text>),
        name!(column_name, Option<Text>),
        name!(title, Text),
        name!(description, Text),
        name!(detail, Text),
        name!(remediation, Text),
        name!(fix_sql, Option<Text>),
        name!(metadata, JsonB),
        name!(cache_key, Text),
    );
}

returns_table! {
    /// A feature of a schema that a dialect lacks.
    type LossRow = dialect_losses_rows!(
        name!(path, Text),
        name!(feature, Text),
        name!(action, Text),
        name!(detail, Text),
    );
}

/// Returns the number of a row, from 1.
pub fn ordinal(at: usize) -> i32 {
    i32::try_from(at + 1).unwrap_or(i32::MAX)
}

pub fn diff_row((at, difference): (usize, Difference)) -> DiffRow {
    let Difference { change, kind, schema, name, identity, detail } = difference;
    let schema = schema.map(|schema| Text::from(&*schema));
    (ordinal(at), change.into(), kind.into(), schema, Some(name.into()), identity.into(), JsonB(detail))
}

pub fn step_row(step: Step) -> StepRow {
    let Step { step, transaction, statement, lock_timeout_ms, statement_timeout_ms } = step;
    (
        step,
        transaction,
        statement.sql.into(),
        Texts(statement.hazards.iter().map(|hazard| Some(hazard.word().to_owned())).collect()),
        statement.lock.map(|lock| lock.word().into()),
        lock_timeout_ms,
        statement_timeout_ms,
        statement.rewrites.into(),
        (!statement.reason.is_empty()).then(|| statement.reason.into()),
        statement.key.kind.word().into(),
        statement.key.identity().into(),
    )
}

pub fn lint_row(finding: Finding) -> LintRow {
    (
        finding.rule.into(),
        finding.level.word().into(),
        finding.category.word().into(),
        finding.object_type.map(Text::from),
        finding.schema.map(Text::from),
        finding.name.map(Text::from),
        finding.identity.map(Text::from),
        finding.column_name.map(Text::from),
        Text::from(&*finding.title),
        Text::from(&*finding.description),
        finding.detail.into(),
        Text::from(&*finding.remediation),
        finding.fix_sql.map(Text::from),
        JsonB(serde_json::Value::Object(finding.metadata)),
        finding.cache_key.into(),
    )
}
