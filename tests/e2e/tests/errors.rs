//! Law 8: an object that the server itself cannot read is reported, by 'fail' as an error, by 'warn' as a row; the call continues with the rest.

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome};

/// Broken objects that only a superuser can create: objects that they reference were deleted from the catalog.
const BROKEN: &str = r"
CREATE SCHEMA app;
CREATE TABLE app.good (id int PRIMARY KEY, n int DEFAULT 1 CHECK (n > 0));
CREATE FUNCTION app.gone() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION app.gone_too(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1';
CREATE VIEW app.broken_view AS SELECT app.gone() AS a;
CREATE VIEW app.good_view AS SELECT * FROM app.good;
CREATE TABLE app.broken_check (a int, CONSTRAINT broken CHECK (app.gone_too(a) > 0));
DELETE FROM pg_catalog.pg_proc WHERE proname LIKE 'gone%' AND pronamespace = 'app'::regnamespace;
";

#[test]
fn on_error_warn_continues_and_reports() -> Outcome {
    let database = Database::with_pgmeta("broken")?;
    database.psql(BROKEN)?;
    let output = database.run_as(
        "postgres",
        "SELECT type, identity, error FROM pgmeta_objects('app', on_error => 'warn') WHERE error IS NOT NULL ORDER BY 1, 2;\n\
         \\echo =\nSELECT type, identity FROM pgmeta_objects('app', on_error => 'warn') WHERE error IS NULL ORDER BY 1, 2;",
    )?;
    ensure!(output.ok, "{}", output.stderr);
    let (errors, rest) = output.stdout.split_once("=\n").unwrap_or((&output.stdout, ""));
    let lines: Vec<&str> = errors.lines().collect();
    ensure!(lines.len() == 2, "two objects are broken, but the rows with an error are:\n{errors}");
    ensure!(lines.iter().all(|line| line.contains("cache lookup failed") && line.contains("XX000")), "{errors}");
    ensure!(errors.contains("broken_view") && errors.contains("broken"), "{errors}");
    for object in ["table|app.good", "view|app.good_view", "table|app.broken_check", "schema|app"] {
        ensure!(rest.lines().any(|line| line == object), "{object} is missing:\n{rest}");
    }
    let warnings = output.stderr.matches("WARNING").count();
    ensure!(warnings >= 2 && output.stderr.contains("broken_view"), "{}", output.stderr);

    // The other forms also continue with a warning.
    for call in [
        "pgmeta_export('app', on_error => 'warn')",
        "(SELECT string_agg(content, '') FROM pgmeta_export_files('app', on_error => 'warn'))",
        "convert_from(pgmeta_export_tar('app', on_error => 'warn'), 'latin1')",
        "pgmeta_export('app', on_error => 'warn', format => 'json')",
    ] {
        // A tar archive contains zero bytes, which text cannot.
        let call =
            if call.contains("tar") { "encode(pgmeta_export_tar('app', on_error => 'warn'), 'escape')" } else { call };
        let output = database.run_as("postgres", &format!("SELECT {call}"))?;
        ensure!(output.ok && output.stderr.contains("WARNING"), "{call}: {}", output.stderr);
        ensure!(
            output.stdout.contains("good_view") && output.stdout.contains("broken_check"),
            "{call} lacks what is not broken"
        );
    }
    Ok(())
}

#[test]
fn an_export_with_on_error_warn_can_be_loaded() -> Outcome {
    let database = Database::with_pgmeta("broken")?;
    database.psql(BROKEN)?;
    let rest = database.psql("SELECT pgmeta_export('app', on_error => 'warn')")?;
    let restored = Database::create("rest")?;
    restored.load(&rest)?;
    ensure!(
        restored.psql("SELECT to_regclass('app.good_view') IS NOT NULL AND to_regclass('app.broken_view') IS NULL")?
            == "t",
        "{rest}"
    );
    Ok(())
}

#[test]
fn on_error_fail_names_the_object_and_the_remedy() -> Outcome {
    let database = Database::with_pgmeta("broken")?;
    database.psql(BROKEN)?;
    for call in [
        "pgmeta_export('app')",
        "pgmeta_snapshot('app')",
        "(SELECT count(*) FROM pgmeta_objects('app'))",
        "pgmeta_fingerprint()",
    ] {
        let message = database.error("postgres", &format!("SELECT {call}"))?;
        ensure!(message.contains("XX000"), "{call}: no SQLSTATE of the server: {message}");
        ensure!(
            message.contains("app.broken_view") || message.contains("broken on app.broken_check"),
            "{call} does not name the object: {message}"
        );
        ensure!(
            message.contains("HINT") && message.contains("on_error"),
            "{call} does not say how to go on: {message}"
        );
    }
    // The session still works.
    ensure!(database.psql("SELECT pgmeta_version()")?.starts_with(|c: char| c.is_ascii_digit()), "no version");
    Ok(())
}

#[test]
fn coverage_counts_broken_objects() -> Outcome {
    let database = Database::with_pgmeta("broken")?;
    database.psql(BROKEN)?;
    let failed = database.psql("SELECT sum(count) FROM pgmeta_coverage() WHERE status = 'failed'")?;
    // The view, its rule and the constraint.
    ensure!(failed.parse::<u32>().is_ok_and(|count| count >= 2), "{failed} rows are accounted for as failed");
    Ok(())
}

/// An unbroken object can be printed beside broken ones.
#[test]
fn single_objects_print_beside_broken_ones() -> Outcome {
    let database = Database::with_pgmeta("broken")?;
    database.psql(BROKEN)?;
    let ddl = database.psql("SELECT pgmeta_ddl('app.good')")?;
    ensure!(ddl.contains("CREATE TABLE app.good"), "{ddl}");
    let message = database.error("postgres", "SELECT pgmeta_ddl('app.broken_view')")?;
    ensure!(message.contains("app.broken_view"), "{message}");
    Ok(())
}

/// A wrong snapshot is an error with its position, and never ends the server process.
#[test]
fn wrong_snapshots_are_errors() -> Outcome {
    let database = Database::with_pgmeta("snapshots")?;
    let cases = [
        ("[]", "22P02"),
        ("{}", "22P02"),
        (r#"{"format_version": 1}"#, "22P02"),
        (r#"{"format_version": 2, "server_version_num": 150000}"#, "22P02"),
        (r#"{"format_version": 1, "server_version_num": -1}"#, "22P02"),
        (r#"{"format_version": 1, "server_version_num": 150000, "nonsense": []}"#, "nonsense"),
        (r#"{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "a"}]}"#, "tables[0]"),
        (
            r#"{"format_version": 1, "server_version_num": 150000, "tables": [{"schema": "a", "name": "b", "columns": [{"name": 1}]}]}"#,
            "tables[0].columns[0].name",
        ),
        (r#"{"format_version": 1, "server_version_num": 150000, "schemas": {"a": 1}}"#, "schemas"),
    ];
    for (snapshot, part) in cases {
        let message = database.error("postgres", &format!("SELECT pgmeta_snapshot_ddl('{snapshot}')"))?;
        ensure!(message.contains("22P02") && message.contains(part), "{snapshot}: {message}");
    }
    Ok(())
}
