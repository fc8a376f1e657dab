//! Callers without privileges: they see what the catalogs show to everybody; hidden parts are reported and never guessed.

use anyhow::ensure;
use pgmeta_e2e::{Database, Outcome, same_text};

/// Returns a database with secrets of every kind, and a role without privileges.
fn database() -> anyhow::Result<Database<'static>> {
    let database = Database::with_pgmeta("roles")?;
    database.psql(
        r#"
SET client_min_messages = error;
SELECT 'CREATE ROLE e2e_nobody LOGIN' WHERE to_regrole('e2e_nobody') IS NULL \gexec
SELECT 'CREATE ROLE e2e_other LOGIN PASSWORD ''sesame''' WHERE to_regrole('e2e_other') IS NULL \gexec
CREATE SCHEMA hidden;
REVOKE ALL ON SCHEMA hidden, public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO e2e_nobody;
CREATE TABLE hidden.t (id int PRIMARY KEY, secret text DEFAULT 'visible in the catalog', CHECK (id > 0));
CREATE VIEW hidden.v AS SELECT * FROM hidden.t;
CREATE FUNCTION hidden.f() RETURNS text LANGUAGE sql AS 'SELECT ''body''';
CREATE FOREIGN DATA WRAPPER e2e_wrapper;
CREATE SERVER e2e_server FOREIGN DATA WRAPPER e2e_wrapper OPTIONS (host 'h', password 'in server');
CREATE USER MAPPING FOR e2e_other SERVER e2e_server OPTIONS (user 'u', password 'in mapping');
CREATE USER MAPPING FOR e2e_nobody SERVER e2e_server OPTIONS (user 'own', password 'mine');
CREATE SUBSCRIPTION e2e_subscription CONNECTION 'host=nowhere password=in_connection' PUBLICATION p WITH (connect = false);
"#,
    )?;
    Ok(database)
}

#[test]
fn a_role_without_privileges_exports_visible_parts() -> Outcome {
    let database = database()?;
    let call = |role: &str, sql: &str| -> anyhow::Result<String> {
        let output = database.run_as(role, sql)?;
        ensure!(output.ok, "{role}: {sql}: {}", output.stderr);
        Ok(output.stdout)
    };
    // Both roles see the same objects of schemas.
    let schemas = "SELECT pgmeta_export(ARRAY['hidden', 'public'], options => '{\"secrets\": \"include\"}')";
    same_text("the superuser's and nobody's export", &call("postgres", schemas)?, &call("e2e_nobody", schemas)?)?;

    let whole = "SELECT pgmeta_export(NULL, options => '{\"secrets\": \"include\", \"cluster\": true}')";
    let (all, seen) = (call("postgres", whole)?, call("e2e_nobody", whole)?);
    for secret in ["in mapping", "in_connection", "SCRAM-SHA-256"] {
        ensure!(all.contains(secret), "the superuser does not see {secret}");
        ensure!(!seen.contains(secret), "nobody sees {secret}");
    }
    let masked = call(
        "postgres",
        "SELECT pgmeta_export(NULL, options => '{\"cluster\": true}'), pgmeta_snapshot(NULL, '{\"cluster\": true}')",
    )?;
    for secret in ["in mapping", "in_connection", "in server", "SCRAM-SHA-256", "mine"] {
        ensure!(!masked.contains(secret), "without being asked for, {secret} is shown");
    }
    ensure!(
        seen.contains("e2e_subscription") || seen.contains("e2e_other"),
        "what has a hidden part is not there at all"
    );

    // Hidden parts are reported.
    let hidden =
        call("e2e_nobody", "SELECT type, reason FROM pgmeta_coverage() WHERE status = 'hidden' ORDER BY 1, 2")?;
    for (kind, reason) in [("role", "password"), ("subscription", "connection string"), ("user mapping", "options")] {
        ensure!(
            hidden.contains(&format!("{kind}|{reason}")),
            "the account does not say that the {reason} of a {kind} is hidden:\n{hidden}"
        );
    }
    let to_superuser = call("postgres", "SELECT type, reason FROM pgmeta_coverage() WHERE status = 'hidden'")?;
    ensure!(to_superuser.is_empty(), "hidden from the superuser: {to_superuser}");
    let counts = "SELECT sum(count) FROM pgmeta_coverage() WHERE type NOT IN ('role', 'setting', 'database', 'comment', 'role membership')";
    ensure!(call("postgres", counts)? == call("e2e_nobody", counts)?, "nobody's account counts other rows");
    Ok(())
}

/// Every reader works for a role without privileges, even with the hardest schemas.
#[test]
fn a_role_without_privileges_reads_difficult_schemas() -> Outcome {
    let _roles = database()?;
    for fixture in ["kinds", "hard_cases", "strange_names"] {
        let database = Database::with_fixture("nobody", fixture)?;
        // The fixtures revoke default privileges.
        database.psql(&format!(
            "GRANT CONNECT ON DATABASE \"{}\" TO e2e_nobody; GRANT USAGE ON SCHEMA public TO e2e_nobody; \
             GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO e2e_nobody;",
            database.name()
        ))?;
        // Except for parts that only superusers see, both read the same.
        let calls = "SELECT md5(string_agg(ddl, '' ORDER BY ordinal)), count(*) FROM pgmeta_objects() \
            WHERE type NOT IN ('user mapping', 'subscription');\nSELECT md5(string_agg(path, '' ORDER BY path)) FROM pgmeta_export_files();\n";
        let output = database.run_as("e2e_nobody", calls)?;
        ensure!(output.ok, "{fixture}: {}", output.stderr);
        same_text(
            &format!("{fixture} to nobody and to the superuser"),
            &database.psql(calls)?,
            output.stdout.trim_end(),
        )?;
    }
    Ok(())
}

#[test]
fn only_privileged_roles_write_files() -> Outcome {
    let database = database()?;
    let message = database.error("e2e_nobody", "SELECT * FROM pgmeta_export_to_directory('/tmp/e2e_never')")?;
    ensure!(message.contains("42501"), "{message}");
    ensure!(!std::path::Path::new("/tmp/e2e_never").exists(), "the folder was made");
    Ok(())
}

/// A role that may not read a catalog gets an error with its name, or an export without it; never a crash.
#[test]
fn revoked_catalogs_are_reported() -> Outcome {
    let database = database()?;
    database.psql("REVOKE SELECT ON pg_catalog.pg_policy FROM PUBLIC")?;
    let message = database.error("e2e_nobody", "SELECT length(pgmeta_export())")?;
    ensure!(message.contains("42501") && message.contains("pg_policy"), "{message}");
    Ok(())
}
