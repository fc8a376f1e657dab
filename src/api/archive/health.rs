//! Health checks of archives and policies, and metrics.

use pgrx::pg_sys::panic::ErrorReport;
use pgrx::prelude::*;

use crate::api::rows::FindingRow;
use crate::archive::{self, Finding};
use crate::encoding::{self, Text};
use crate::error::Error;

finding_rows! {
    #[pg_extern(volatile, parallel_unsafe)]
    fn pgmeta_archive_validate(policy: Option<Text>) {
        policy.map_or(Ok(Vec::new()), |policy| archive::validate(&policy).map(rows))
    }
}

finding_rows! {
    #[pg_extern(volatile, parallel_unsafe)]
    fn pgmeta_archive_health() {
        archive::health().map(rows)
    }
}

fn rows(findings: Vec<Finding>) -> Vec<FindingRow> {
    let text = |text: String| Text::from(&*encoding::fitting(&text));
    let row = |Finding { name, status, detail, hint }: Finding| {
        (name.into(), status.word().into(), detail.map(text), hint.map(text))
    };
    findings.into_iter().map(row).collect()
}

#[pg_extern(stable, parallel_unsafe)]
fn pgmeta_metrics() -> Result<Text, ErrorReport> {
    Ok(archive::metrics()?.into())
}
