//! Metrics for monitoring: counts of records, in the exposition format of Prometheus.

use std::fmt::Write;

use pgmeta_core::cells::take;

use crate::error::Error;
use crate::guc::GucGuard;
use crate::spi::Connection;

/// A metric: name, type, description, and the query of its labels and values.
struct Metric {
    name: &'static str,
    kind: &'static str,
    help: &'static str,
    labels: [Option<&'static str>; 2],
    sql: &'static str,
}

const METRICS: &[Metric] = &[
    Metric {
        name: "pgmeta_archive_archives",
        kind: "gauge",
        help: "Archives on record by policy and state.",
        labels: [Some("policy"), Some("state")],
        sql: sql!("metric_archives"),
    },
    Metric {
        name: "pgmeta_archive_rows_total",
        kind: "counter",
        help: "Rows in archives that were stored.",
        labels: [Some("policy"), None],
        sql: sql!("metric_rows"),
    },
    Metric {
        name: "pgmeta_archive_bytes_total",
        kind: "counter",
        help: "Bytes of archives that were stored, compressed.",
        labels: [Some("policy"), None],
        sql: sql!("metric_bytes"),
    },
    Metric {
        name: "pgmeta_archive_last_stored_timestamp_seconds",
        kind: "gauge",
        help: "When the last archive was stored.",
        labels: [Some("policy"), None],
        sql: sql!("metric_last_stored"),
    },
    Metric {
        name: "pgmeta_archive_policy_paused",
        kind: "gauge",
        help: "1 where a policy is paused.",
        labels: [Some("policy"), None],
        sql: sql!("metric_paused"),
    },
];

/// Returns all metrics. A metric without values has only its description.
pub fn metrics() -> Result<String, Error> {
    let _pinned = GucGuard::new();
    let connection = Connection::open()?;
    let mut text = String::new();
    for Metric { name, kind, help, labels, sql } in METRICS {
        let _ = write!(text, "# HELP {name} {help}\n# TYPE {name} {kind}\n");
        connection.read(sql, &[], &["first", "second", "value"], |cells| {
            let values: [String; 2] = [take(cells, "first")?, take(cells, "second")?];
            let labels = labels.iter().zip(&values).filter_map(|(label, value)| Some((label.as_ref()?, value)));
            let labels: Vec<String> = labels.map(|(label, value)| format!("{label}=\"{}\"", escaped(value))).collect();
            let _ = writeln!(text, "{name}{{{}}} {}", labels.join(","), take::<String>(cells, "value")?);
            Ok(())
        })?;
    }
    Ok(text)
}

fn escaped(value: &str) -> String {
    value.replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n")
}
