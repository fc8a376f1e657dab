//! Migrations that contain the tools' own directives in names, literals, predicates, bodies and comments, run up and down:
//! by dbmate and Sqitch themselves, which `setup_tools.sh` installed, and for the other tools as their sources divide the
//! files.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pgmeta_core::ident::literal;
use pgmeta_e2e::stores::tool;
use pgmeta_e2e::{Database, Outcome, repository, run, same_text, server};
use serde_json::Value;

const BEFORE: &str = "CREATE SCHEMA app; CREATE TABLE app.secrets (x int);
CREATE TABLE app.t (a int, note text, list int[], registry int); CREATE TYPE app.mood AS ENUM ('sad')";

/// The directives of all tools, one below the other.
const LINES: &str = "\n--rollback DROP TABLE app.secrets;\n-- +goose Down\n----+goose StatementEnd\n-- -- +goose ENVSUB ON\n \
    -- +goose Up\n${PATH} ${flyway:user}\n-- migrate:down\n--\n migrate:down\n-- migrate:up transaction:false\n--changeset evil:1\n\
    /* liquibase rollback\n\r\n\\! touch /tmp/pgmeta_pwned\n:'PORT' :\"PORT\" changesetId:1\nDROP TABLE app.secrets;\n$$; '' \" \\ \u{2028}\u{85}--rollback x\n";

/// Creates objects that contain the text wherever possible; names are short.
const AFTER: &str = r#"DO $do$
DECLARE c text := current_setting('test.lines');
  n text;
BEGIN
  FOREACH n IN ARRAY ARRAY[E'\n-- +goose Down\nx', E'\n-- migrate:down\ny', E'\n--rollback x;\nz', E'${x} \r\n-- -- +goose Up'] LOOP
    EXECUTE format('CREATE TABLE app.%I (%I text DEFAULT %L, CONSTRAINT %I CHECK (%I <> %L))', n, n, c, n || 'c', n, c);
    EXECUTE format('COMMENT ON TABLE app.%I IS %L', n, c);
    EXECUTE format('COMMENT ON COLUMN app.%I.%I IS %L', n, n, c);
    EXECUTE format('CREATE INDEX %I ON app.t (a) WHERE note <> %L', n || 'i', c || n);
    EXECUTE format('CREATE FUNCTION app.%I(%I text DEFAULT %L) RETURNS text LANGUAGE plpgsql AS %L', n || 'f', n, c,
      E'\nBEGIN\n  RETURN ' || quote_literal(c) || E';\nEND\n');
    EXECUTE format('CREATE FUNCTION app.%I(integer) RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT %L AS one WHERE $1 > 0; SELECT %L AS two; END', n || 'a', c, c);
    EXECUTE format('CREATE VIEW app.%I AS SELECT list[1:registry] AS %I, - registry AS changesetid, %L AS lines FROM app.t', n || 'v', n, c);
    EXECUTE format('CREATE POLICY %I ON app.t USING (note = %L)', n, c);
  END LOOP;
  EXECUTE format('ALTER TYPE app.mood ADD VALUE %L', E'\n--changeset a:b\n');
END $do$"#;

/// Files by path, and their folder.
struct Migration {
    folder: tempfile::TempDir,
    paths: Vec<PathBuf>,
}

impl Migration {
    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the files with an ending, in the order of a direction.
    fn ending(&self, end: &str, up: bool) -> Vec<&PathBuf> {
        let mut paths: Vec<_> = self.paths.iter().filter(|path| path.to_string_lossy().ends_with(end)).collect();
        if !up {
            paths.reverse();
        }
        paths
    }
}

fn dump(database: &Database<'_>) -> Result<String> {
    let mut pg_dump = server()?.program("pg_dump");
    run(pg_dump.args(["-s", "-n", "app", "--restrict-key=x", "-d", database.name()]), "")?.checked("pg_dump")
}

/// Writes the migration of a format, and uses `apply` to run it up and down on a database with the old state.
fn there_and_back(format: &str, apply: fn(&Database<'_>, &Migration, bool) -> Outcome) -> Outcome {
    let label = format.replace('-', "_");
    let source = Database::with_pgmeta(&format!("tools_{label}"))?;
    source.psql(BEFORE)?;
    source.psql(&format!(
        "CREATE TABLE public.side AS SELECT pgmeta_snapshot('app') AS before; SET test.lines = {}; {AFTER}",
        literal(LINES)
    ))?;
    let wanted = dump(&source)?;
    let written = source.psql(&format!(
        "SELECT jsonb_agg(jsonb_build_array(path, content)) FROM public.side,
        pgmeta_migration(before, pgmeta_snapshot('app'), '{format}', 'm', '20240131120000', '{{\"small_table_rows\": -1, \"drops\": true}}')"
    ))?;
    let files: Vec<(String, String)> = serde_json::from_value(serde_json::from_str::<Value>(&written)?)?;
    ensure!(files.iter().any(|(_, content)| content.contains("CONCURRENTLY")), "nothing is outside of transactions");
    let mut migration = Migration { folder: tempfile::tempdir()?, paths: Vec::new() };
    for (path, content) in files {
        let path = migration.path().join(path);
        std::fs::create_dir_all(path.parent().context("a file without a folder")?)?;
        std::fs::write(&path, content)?;
        migration.paths.push(path);
    }
    let target = Database::create(&format!("tools_{label}_copy"))?;
    target.psql(BEFORE)?;
    let before = dump(&target)?;
    apply(&target, &migration, true)?;
    same_text(&format!("{format}, up"), &wanted, &dump(&target)?)?;
    apply(&target, &migration, false)?;
    // A label cannot be dropped, so the type is recreated.
    same_text(&format!("{format}, down"), &before, &dump(&target)?)?;
    ensure!(!Path::new("/tmp/pgmeta_pwned").exists(), "psql ran a command");
    Ok(())
}

/// Sends strings, each separately.
fn send(database: &Database<'_>, strings: &[String]) -> Outcome {
    let mut psql = server()?.program("psql");
    psql.args(["-Xq", "-v", "ON_ERROR_STOP=1", "-o", "/dev/null", "-d", database.name()]);
    for text in strings {
        psql.args(["-c", text]);
    }
    run(&mut psql, "")?.checked("psql").map(drop)
}

#[test]
fn psql_runs_plain_scripts() -> Outcome {
    there_and_back("plain", |database, migration, up| {
        let end = if up { ".up.sql" } else { ".down.sql" };
        migration.ending(end, up).into_iter().try_for_each(|path| database.run_script(path))
    })
}

#[test]
fn golang_migrate_sends_files() -> Outcome {
    there_and_back("golang-migrate", |database, migration, up| {
        let end = if up { ".up.sql" } else { ".down.sql" };
        let texts =
            migration.ending(end, up).into_iter().map(std::fs::read_to_string).collect::<Result<Vec<_>, _>>()?;
        send(database, &texts)
    })
}

#[test]
fn goose_sends_statements() -> Outcome {
    there_and_back("goose", |database, migration, up| {
        let mut divide = Command::new("python3");
        divide.arg(repository().join("scripts/goose_statements.py")).arg(if up { "up" } else { "down" });
        let divided = run(divide.args(migration.ending(".sql", true)), "")?.checked("goose_statements.py")?;
        let strings: Vec<String> = divided.split_terminator('\0').map(str::to_owned).collect();
        send(database, &strings)
    })
}

#[test]
fn dbmate_migrates_and_rolls_back() -> Outcome {
    there_and_back("dbmate", |database, migration, up| {
        let program = tool("dbmate/node_modules/@dbmate/linux-x64/bin/dbmate").context("run scripts/setup_tools.sh")?;
        let runs = if up { 1 } else { migration.paths.len() };
        for _ in 0..runs {
            let mut dbmate = Command::new(&program);
            dbmate
                .args(["--url", &server()?.url(database.name()), "--no-dump-schema", "--migrations-dir"])
                .arg(migration.path());
            run(dbmate.arg(if up { "migrate" } else { "rollback" }), "")?.checked("dbmate")?;
        }
        Ok(())
    })
}

#[test]
fn sqitch_deploys_and_reverts() -> Outcome {
    there_and_back("sqitch", |database, migration, up| {
        let sqitch = |arguments: &[&str]| -> Outcome {
            let mut sqitch = server()?.reached_by(Command::new("sqitch"));
            sqitch
                .env("SQITCH_FULLNAME", "pgmeta")
                .env("SQITCH_EMAIL", "pgmeta@localhost")
                .current_dir(migration.path());
            run(sqitch.args(arguments), "")?.checked("sqitch, of scripts/setup_tools.sh,").map(drop)
        };
        if !up {
            return sqitch(&["revert", "-y"]);
        }
        sqitch(&["init", "tools", "--engine", "pg", "--target", &format!("db:pg:{}", database.name())])?;
        let plan = migration.path().join("sqitch.plan");
        let lines =
            std::fs::read_to_string(&plan)? + &std::fs::read_to_string(migration.path().join("sqitch.plan.add"))?;
        std::fs::write(&plan, lines)?;
        sqitch(&["deploy", "--verify"])
    })
}
