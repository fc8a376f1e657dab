//! Paths of an archive's files: the folder from a path template, and names that readers of folders ignore.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::archives::{files, with_storage};
use pgmeta_e2e::{Database, Outcome};

/// Archives a partition, and returns the folder of its files below the storage's.
fn folder_of(database: &Database<'_>, root: &Path, partition: &str, options: &str) -> Result<String> {
    let id = database.psql(&format!("SELECT pgmeta_archive('{partition}', 'cold', '{options}')"))?;
    let found = database.psql(&format!(
        "SELECT path FROM pgmeta.archive_files WHERE archive = {id}; SELECT location FROM pgmeta.archives WHERE id = {id}"
    ))?;
    let (data, manifest) = found.split_once('\n').context("two files")?;
    let ((folder, data), (beside, manifest)) =
        (data.rsplit_once('/').unwrap_or(("", data)), manifest.rsplit_once('/').unwrap_or(("", manifest)));
    ensure!(folder == beside && manifest.starts_with('_') && !data.starts_with(['_', '.']), "{found}");
    ensure!(root.join(folder).join(manifest).exists(), "{found}");
    Ok(folder.to_owned())
}

#[test]
fn dates_in_paths_use_the_policy_time_zone() -> Outcome {
    let (database, folder) = with_storage("paths")?;
    database.psql(
        "SET TimeZone = 'UTC';
        CREATE TABLE zoned (at timestamptz) PARTITION BY RANGE (at);
        CREATE TABLE zoned_1 PARTITION OF zoned FOR VALUES FROM ('2024-02-29 23:00+00') TO ('2024-03-31 22:00+00');
        CREATE TABLE zoned_open PARTITION OF zoned FOR VALUES FROM (MINVALUE) TO ('2020-01-01');
        CREATE TABLE zoned_rest PARTITION OF zoned DEFAULT;
        CREATE TABLE local (at timestamp) PARTITION BY RANGE (at);
        CREATE TABLE local_1 PARTITION OF local FOR VALUES FROM ('2024-03-01 07:00') TO ('2024-03-31');
        CREATE TABLE days (day date) PARTITION BY LIST (day);
        CREATE TABLE days_1 PARTITION OF days FOR VALUES IN ('2024-03-01');
        CREATE TABLE days_2 PARTITION OF days FOR VALUES IN ('2024-03-02', '2024-03-03');
        CREATE TABLE epoch (ms bigint) PARTITION BY RANGE (ms);
        CREATE TABLE epoch_1 PARTITION OF epoch FOR VALUES FROM (1709247600000) TO (1711922400000);
        CREATE TABLE epoch_2 PARTITION OF epoch FOR VALUES FROM (-9223372036854775808) TO (0);
        CREATE TABLE deep (at timestamptz, k int) PARTITION BY RANGE (at);
        CREATE TABLE deep_1 PARTITION OF deep FOR VALUES FROM ('2024-02-29 23:00+00') TO ('2024-03-31 22:00+00') PARTITION BY HASH (k);
        CREATE TABLE deep_1_1 PARTITION OF deep_1 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
        CREATE DOMAIN moment AS timestamptz;
        CREATE TABLE odd (at moment) PARTITION BY RANGE (at);
        CREATE TABLE odd_1 PARTITION OF odd FOR VALUES FROM ('2024-02-29 23:00+00') TO ('2024-03-31 22:00+00');
        CREATE TABLE cut (at timestamp) PARTITION BY RANGE (date_trunc('day', at));
        CREATE TABLE cut_1 PARTITION OF cut FOR VALUES FROM ('2024-03-01') TO ('2024-04-01');
        CREATE TABLE ids (id int) PARTITION BY RANGE (id);
        CREATE TABLE \"_ids\" PARTITION OF ids FOR VALUES FROM (1) TO (10);
        CREATE TABLE alone (at date)",
    )?;
    let berlin = "{\"time_zone\": \"Europe/Berlin\"}";
    let key = |table: &str, date: &str| format!("pgmeta_schema=public/pgmeta_table={table}/pgmeta_date={date}");
    let undated = "__HIVE_DEFAULT_PARTITION__";
    for (partition, options, expected) in [
        ("zoned_1", "{}", key("zoned", "2024-02-29")),
        ("zoned_1", berlin, key("zoned", "2024-03-01")),
        ("zoned_open", berlin, key("zoned", undated)),
        ("zoned_rest", berlin, key("zoned", undated)),
        ("local_1", berlin, key("local", "2024-03-01")),
        ("days_1", berlin, key("days", "2024-03-01")),
        ("days_2", berlin, key("days", undated)),
        ("epoch_1", "{}", "pgmeta_schema=public/pgmeta_table=epoch".to_owned()),
        ("epoch_1", "{\"epoch\": \"ms\", \"time_zone\": \"Europe/Berlin\"}", key("epoch", "2024-03-01")),
        ("epoch_2", "{\"epoch\": \"ms\"}", key("epoch", undated)),
        ("deep_1_1", berlin, key("deep", "2024-03-01")),
        ("odd_1", berlin, key("odd", "2024-03-01")),
        ("cut_1", "{}", key("cut", "2024-03-01")),
        ("\"_ids\"", "{}", "pgmeta_schema=public/pgmeta_table=ids".to_owned()),
        ("alone", "{}", "pgmeta_schema=public/pgmeta_table=alone".to_owned()),
        ("local_1", "{\"path_template\": \"\"}", String::new()),
        (
            "local_1",
            "{\"path_template\": \"{table}/h={YYYY}{MM}{DD}{HH}/{partition}\"}",
            "local/h=2024030107/local_1".to_owned(),
        ),
    ] {
        let found = folder_of(&database, folder.path(), partition, options)?;
        ensure!(found == expected, "{partition} {options}: {found}");
    }
    let shared = "{\"path_template\": \"c={cluster}/d={database}\"}";
    let expected =
        database.psql("SELECT format('c=%s/d=%s', system_identifier, current_database()) FROM pg_control_system()")?;
    let found = folder_of(&database, folder.path(), "alone", shared)?;
    ensure!(found == expected, "{found}");
    Ok(())
}

/// Templates that work for no partition are rejected, and so are keys with the name of a column, which would give wrong
/// results.
#[test]
fn impossible_path_templates_are_errors() -> Outcome {
    let (database, folder) = with_storage("templates")?;
    database.psql(
        "CREATE TABLE ids (id int, \"Month\" text, pgmeta_table int) PARTITION BY RANGE (id);
        CREATE TABLE ids_1 PARTITION OF ids FOR VALUES FROM (1) TO (10);
        CREATE TABLE times (at date, \"Month\" text) PARTITION BY RANGE (at);
        CREATE TABLE times_1 PARTITION OF times FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')",
    )?;
    let policy = |table: &str, retention: &str, template: &str| {
        format!("SELECT pgmeta_archive_policy_create('p', '{table}', 'cold', {retention}, '{{{template}}}')")
    };
    let archive =
        |partition: &str, template: &str| format!("SELECT pgmeta_archive('{partition}', 'cold', '{{{template}}}')");
    for (call, message) in [
        (policy("ids", "5::bigint", "\"path_template\": \"y={YYYY}\""), "is not partitioned by time"),
        (archive("ids_1", "\"path_template\": \"y={YYYY}\""), "is not partitioned by time"),
        (policy("times", "interval '1 day'", "\"path_template\": \"month={MM}\""), "has the key \"Month\""),
        (archive("times_1", "\"path_template\": \"MONTH=x/y={MM}\""), "has the key \"Month\""),
        (policy("ids", "5::bigint", ""), "has the key \"pgmeta_table\""),
        (archive("ids_1", ""), "has the key \"pgmeta_table\""),
    ] {
        let error = database.error("postgres", &call)?;
        ensure!(error.contains("22023") && error.contains(message) && error.contains("HINT"), "{call}: {error}");
    }
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    // A column that was added later is reported by the checks, before the attempts fail.
    database.psql(&policy("times", "interval '1 day'", "\"path_template\": \"y={YYYY}\""))?;
    let finding = "SELECT status FROM pgmeta_archive_validate('p') WHERE name = 'path template'";
    ensure!(database.psql(finding)? == "ok");
    database.psql("ALTER TABLE times ADD y int")?;
    ensure!(database.psql(finding)? == "fail");
    Ok(())
}

/// A leftover of a failed attempt is removed with its hidden manifest.
#[test]
fn failed_attempts_leave_no_hidden_file() -> Outcome {
    let (database, folder) = with_storage("hidden")?;
    database.psql("CREATE TABLE t (v int); BEGIN; SELECT pgmeta_archive('t', 'cold'); ROLLBACK")?;
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    Ok(())
}
