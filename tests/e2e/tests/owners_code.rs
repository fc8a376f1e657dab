//! Code of a table's owner runs as that owner, whoever calls: checks, domains, casts, generated columns, defaults, keys.
//! Each piece of code reports the role that it runs as; it must never be a role with more rights.

use std::process::Stdio;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::archives::{wait_for, with_storage};
use pgmeta_e2e::{Database, Outcome, server};

/// The role that owns the tables.
const OWNER: &str = "e2e_code_owner";
/// A role that may archive, and read the tables.
const OPERATOR: &str = "e2e_code_operator";

/// Objects of the superuser; the owner creates the others.
const ROLES: &str = "SET client_min_messages = error;
DO $$ BEGIN CREATE ROLE e2e_code_owner LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE e2e_code_operator LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
GRANT pgmeta_archive_operator, pg_write_server_files, pg_read_server_files TO e2e_code_operator;
GRANT USAGE ON FOREIGN SERVER cold TO e2e_code_operator;
CREATE SCHEMA app AUTHORIZATION e2e_code_owner;";

const TABLES: &str = "CREATE TABLE app.seen (who name, what text);
CREATE FUNCTION app.note(what text) RETURNS void LANGUAGE plpgsql AS $$ BEGIN
    RAISE WARNING 'code of % runs as %', what, current_user;
    INSERT INTO app.seen VALUES (current_user, what);
    PERFORM set_config('search_path', 'app, pg_catalog', false), set_config('DateStyle', 'German', false);
    BEGIN EXECUTE 'ALTER ROLE e2e_code_owner SUPERUSER'; EXCEPTION WHEN OTHERS THEN NULL; END;
END $$;
CREATE FUNCTION app.holds(value text, what text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM app.note(what); RETURN true; END $$;
CREATE FUNCTION app.twice(value text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM app.note('generated column'); RETURN value || value; END $$;
CREATE FUNCTION app.given() RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM app.note('default'); RETURN 'x'; END $$;
CREATE FUNCTION app.of_day(at date) RETURNS date LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN PERFORM app.note('key'); RETURN at; END $$;
CREATE DOMAIN app.note_text AS text CHECK (app.holds(VALUE, 'domain'));
CREATE TYPE app.level AS ENUM ('low', 'high');
CREATE FUNCTION app.label(l app.level) RETURNS text LANGUAGE plpgsql AS $$ BEGIN PERFORM app.note('cast'); RETURN 'low'; END $$;
CREATE FUNCTION app.document(l app.level) RETURNS json LANGUAGE plpgsql AS $$ BEGIN PERFORM app.note('cast'); RETURN '\"low\"'; END $$;
CREATE CAST (app.level AS text) WITH FUNCTION app.label(app.level);
CREATE CAST (app.level AS json) WITH FUNCTION app.document(app.level);
CREATE TABLE app.ev (at date NOT NULL, d app.note_text, l app.level, ls app.level[], CHECK (app.holds(d, 'check'))) PARTITION BY RANGE (at);
CREATE TABLE app.ev_1 PARTITION OF app.ev FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
INSERT INTO app.ev VALUES ('2020-01-05', 'a', 'high', '{high,low}');
CREATE TABLE app.ex (at date NOT NULL, d text) PARTITION BY RANGE (app.of_day(at));
CREATE TABLE app.ex_1 PARTITION OF app.ex FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
INSERT INTO app.ex VALUES ('2020-01-05', 'a');
CREATE TABLE app.plain (id int, d app.note_text, l app.level);
INSERT INTO app.plain VALUES (1, 'a', 'high');
CREATE TABLE app.targets (name text, target jsonb);
GRANT USAGE ON SCHEMA app TO e2e_code_operator;
GRANT SELECT ON app.ev, app.ev_1, app.ex, app.ex_1 TO e2e_code_operator;";

fn database(label: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    let (database, folder) = with_storage(label)?;
    database.psql(ROLES)?;
    database.run_as(OWNER, &format!("SET client_min_messages = error; {TABLES}"))?.checked("the owner's tables")?;
    Ok((database, folder))
}

/// Runs a script as a role, and checks the roles that code ran as; returns the output. `runs`: the code that must run.
fn call(database: &Database<'_>, role: &str, script: &str, runs: &[&str]) -> Result<String> {
    let script = &format!("{script};\n\\echo settings\nSHOW search_path; SHOW DateStyle; SELECT current_user");
    let output = database.run_as(role, script)?;
    ensure!(output.ok, "{role}: {script}: {}", output.stderr);
    let others: Vec<&str> = output
        .stderr
        .lines()
        .filter(|line| line.contains("code of ") && !line.ends_with(&format!("runs as {OWNER}")))
        .collect();
    ensure!(others.is_empty(), "{role}: {script}: {others:?}");
    for what in runs {
        ensure!(
            output.stderr.contains(&format!("code of {what} runs")),
            "{script} does not run the {what}: {}",
            output.stderr
        );
    }
    nobody_rose(database)?;
    let (printed, settings) = output.stdout.split_once("settings\n").context("no settings")?;
    let expected = format!("\"$user\", public\nISO, MDY\n{role}");
    ensure!(settings.trim() == expected, "{script} leaves settings behind: {settings}");
    Ok(printed.trim().to_owned())
}

fn nobody_rose(database: &Database<'_>) -> Outcome {
    let risen = database.psql(&format!("SELECT rolsuper FROM pg_roles WHERE rolname = '{OWNER}'; SELECT DISTINCT who FROM app.seen WHERE who <> '{OWNER}'"))?;
    ensure!(risen == "f", "{risen}");
    Ok(())
}

#[test]
fn archives_are_made_and_restored_as_the_owner() -> Outcome {
    let (database, _folder) = database("owners_code")?;
    for format in ["jsonl", "csv", "parquet", "binary"] {
        for role in ["postgres", OPERATOR] {
            let archive = format!("SELECT pgmeta_archive('app.ev_1', 'cold', '{{\"format\": \"{format}\"}}')");
            let id = call(&database, role, &archive, &[])?;
            let looked = call(
                &database,
                role,
                &format!(
                    "SELECT DISTINCT status FROM pgmeta_archive_verify({id}); SELECT DISTINCT equal FROM pgmeta_archive_compare({id})"
                ),
                &[],
            )?;
            ensure!(looked == "ok\nt", "{format}: {looked}");
        }
        // Into a table of the caller: the domain still belongs to its owner.
        let id = call(
            &database,
            "postgres",
            &format!("SELECT pgmeta_archive('app.ev_1', 'cold', '{{\"format\": \"{format}\", \"retire\": \"drop\"}}')"),
            &[],
        )?;
        let into = format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"app.copy\"}}')");
        call(&database, "postgres", &into, &["domain"])?;
        let copy = database.psql("SELECT relowner::regrole FROM pg_class WHERE oid = 'app.copy'::regclass; SELECT l, ls FROM app.copy; DROP TABLE app.copy")?;
        ensure!(copy == "postgres\nhigh|{high,low}", "{format}: {copy}");
        // To its original place, without the former grants.
        let back = format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')");
        call(&database, "postgres", &back, &["domain", "check"])?;
        let owner = database.psql("SELECT relowner::regrole, relispartition FROM pg_class WHERE oid = 'app.ev_1'::regclass; SELECT l, ls FROM app.ev")?;
        ensure!(owner == format!("{OWNER}|t\nhigh|{{high,low}}"), "{format}: {owner}");
        database.psql("GRANT SELECT ON app.ev_1 TO e2e_code_operator")?;
    }
    let id = call(&database, "postgres", "SELECT pgmeta_archive('app.ex_1', 'cold', '{\"retire\": \"drop\"}')", &[])?;
    call(&database, "postgres", &format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"), &["key"])?;
    Ok(())
}

#[test]
fn workers_and_runs_read_as_the_owner() -> Outcome {
    let (database, _folder) = database("owners_workers")?;
    let policy = |name: &str, format: &str, retire: &str| {
        format!(
            "SELECT pgmeta_archive_policy_create('{name}', 'app.ev', 'cold', interval '1 year', '{{\"format\": \"{format}\", \"retire\": \"{retire}\"}}')"
        )
    };
    database.psql(&policy("run", "jsonl", "keep"))?;
    call(&database, "postgres", "CALL pgmeta_archive_run('run')", &[])?;
    call(&database, OPERATOR, "CALL pgmeta_archive_run('run')", &[])?;
    for (name, retire) in [("keep", "keep"), ("detach", "detach")] {
        database.psql(&policy(name, "parquet", retire))?;
        database.psql(&format!("SELECT pgmeta_archive_start('{name}')"))?;
        let ended =
            format!("SELECT count(*) FROM pgmeta.archives WHERE policy = '{name}' AND state IN ('stored', 'retired')");
        wait_for(&database, name, &ended, "1")?;
        nobody_rose(&database)?;
    }
    let states = database.psql("SELECT DISTINCT state FROM pgmeta.archives ORDER BY 1")?;
    ensure!(states == "retired\nstored", "{states}");
    Ok(())
}

#[test]
fn plans_run_as_the_owner() -> Outcome {
    // The owner's change, the code that it runs, and the statements that undo it.
    let changes: &[(&str, &str, &[&str])] = &[
        ("check", "ALTER TABLE app.plain ADD CONSTRAINT c CHECK (app.holds(d, 'new check'))", &["new check"]),
        ("type", "ALTER TABLE app.plain ALTER COLUMN l TYPE text USING l::text", &["cast"]),
        ("default", "ALTER TABLE app.plain ADD COLUMN x text DEFAULT app.given()", &["default"]),
        (
            "generated",
            "ALTER TABLE app.plain ADD COLUMN g text GENERATED ALWAYS AS (app.twice(d)) STORED",
            &["generated column"],
        ),
        (
            "domain",
            "ALTER DOMAIN app.note_text ADD CONSTRAINT c CHECK (app.holds(VALUE, 'new domain'))",
            &["new domain"],
        ),
        ("index", "CREATE INDEX i ON app.plain (app.twice(d))", &["generated column"]),
        (
            "copy",
            "DROP TABLE app.plain; CREATE TABLE app.plain (id int, d app.note_text, l text, x text DEFAULT app.given(),
                g text GENERATED ALWAYS AS (app.twice(d)) STORED, CONSTRAINT c CHECK (app.holds(d, 'new check'))) PARTITION BY LIST (app.twice(l));
             CREATE TABLE app.plain_1 PARTITION OF app.plain DEFAULT",
            &["generated column", "new check"],
        ),
        (
            "attach",
            "CREATE TABLE app.ex_2 (LIKE app.ex); ALTER TABLE app.ex ATTACH PARTITION app.ex_2 FOR VALUES FROM ('2020-02-01') TO ('2020-03-01')",
            &[],
        ),
    ];
    let (database, _folder) = database("owners_plans")?;
    // An existing table with rows becomes a partition.
    for (name, change, runs) in changes {
        let target = format!(
            "SET client_min_messages = error; BEGIN; {change}; SELECT public.pgmeta_snapshot('app') AS target \\gset\nROLLBACK; DELETE FROM app.targets; INSERT INTO app.targets VALUES ('{name}', :'target')"
        );
        database.run_as(OWNER, &target)?.checked(name)?;
        let options = "'{\"schemas\": [\"app\"], \"concurrently\": false, \"allow_hazards\": [\"ACQUIRES_ACCESS_EXCLUSIVE_LOCK\", \"ACQUIRES_SHARE_LOCK\", \"INDEX_BUILD\", \"INDEX_DROPPED\", \"IMPACTS_DATABASE_PERFORMANCE\", \"REWRITES_TABLE\", \"FULL_TABLE_SCAN\", \"MAY_FAIL_ON_DATA\", \"CORRECTNESS\"]}'";
        let rehearse =
            format!("SELECT DISTINCT error FROM pgmeta_rehearse((SELECT target FROM app.targets), {options})");
        let errors = call(&database, "postgres", &rehearse, runs)?;
        ensure!(errors.is_empty(), "{name}: {errors}");
        let apply = format!("SELECT count(*) > 0 FROM pgmeta_apply((SELECT target FROM app.targets), {options})");
        let done = call(&database, "postgres", &apply, runs)?;
        ensure!(done == "t", "{name}: {done}");
    }
    // A partition of another role's table: its rows would be checked by the key of the parent's owner, who has no rights on
    // it.
    database.psql("CREATE TABLE app.ex_3 (LIKE app.ex); INSERT INTO app.ex_3 VALUES ('2020-03-05', 'a')")?;
    let target = "SELECT jsonb_set(pgmeta_snapshot('app'), '{tables}', (SELECT jsonb_agg(CASE WHEN t ->> 'name' = 'ex_3'
            THEN t || (SELECT jsonb_build_object('columns', u -> 'columns', 'partition_of', jsonb_set(u -> 'partition_of', '{bound}', to_jsonb('FOR VALUES FROM (''2020-03-01'') TO (''2020-04-01'')'::text)))
                FROM jsonb_array_elements(pgmeta_snapshot('app') -> 'tables') u WHERE u ->> 'name' = 'ex_2') ELSE t END)
        FROM jsonb_array_elements(pgmeta_snapshot('app') -> 'tables') t)) AS target";
    let apply = format!(
        "{target} \\gset\nSELECT count(*) > 0 FROM pgmeta_apply(:'target', '{{\"schemas\": [\"app\"], \"allow_hazards\": [\"FULL_TABLE_SCAN\", \"MAY_FAIL_ON_DATA\", \"ACQUIRES_ACCESS_EXCLUSIVE_LOCK\"]}}')"
    );
    let error = database.error("postgres", &apply)?;
    ensure!(error.contains("42501") && error.contains("expressions"), "{error}");
    database.psql("ALTER TABLE app.ex_3 OWNER TO e2e_code_owner")?;
    let done = call(&database, "postgres", &apply, &["key"])?;
    ensure!(done == "t", "{done}");
    Ok(())
}

/// Rows are checked by new partitions: code of another role would run as the owner of the table above.
#[test]
fn rows_are_not_copied_through_partitions_of_others() -> Outcome {
    let (database, _folder) = database("owners_copies")?;
    database.psql("CREATE TABLE public.t (d text); INSERT INTO public.t VALUES ('a')")?;
    let script = "BEGIN; DROP TABLE public.t; CREATE TABLE public.t (d text) PARTITION BY LIST (d); CREATE TABLE public.t_1 PARTITION OF public.t DEFAULT;
        ALTER TABLE public.t_1 OWNER TO e2e_code_owner; ALTER TABLE public.t_1 ADD CHECK (app.holds(d, 'check of a partition'));
        SELECT pgmeta_snapshot('public') AS target \\gset\nROLLBACK;
        SELECT count(*) FROM pgmeta_apply(:'target', '{\"schemas\": [\"public\"]}')";
    let error = database.error("postgres", &format!("SET client_min_messages = error; {script}"))?;
    ensure!(error.contains("0A000") && error.contains("public.t_1 has another owner"), "{error}");
    nobody_rose(&database)
}

/// The type's own send function is called, and not a function with its name that a user created for a domain.
#[test]
fn values_are_sent_by_their_types() -> Outcome {
    let (database, _folder) = database("owners_send")?;
    if database.psql("SELECT count(*) FROM pg_available_extensions WHERE name = 'hstore'")? == "0" {
        println!("skipped: this installation has no contrib");
        return Ok(());
    }
    database.psql("CREATE EXTENSION hstore; GRANT CREATE ON SCHEMA public TO e2e_code_owner; CREATE DOMAIN ours AS hstore; CREATE TABLE sent (a int, h ours); INSERT INTO sent VALUES (1, 'a=>1')")?;
    let twin = "CREATE FUNCTION public.hstore_send(public.ours) RETURNS bytea LANGUAGE plpgsql AS $$ BEGIN PERFORM app.note('send'); RETURN '\\x00000000'; END $$";
    database.run_as(OWNER, twin)?.checked("the twin")?;
    let id = call(&database, "postgres", "SELECT pgmeta_archive('sent', 'cold', '{\"format\": \"binary\"}')", &[])?;
    let back = call(
        &database,
        "postgres",
        &format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"sent_back\"}}') IS NULL; SELECT h FROM sent_back"),
        &[],
    )?;
    ensure!(back == "f\n\"a\"=>\"1\"", "{back}");
    Ok(())
}

/// A caller without the rights of a domain's owner must not lend temporary objects to its checks. If domains have several
/// owners, none gets the rights of another.
#[test]
fn restores_do_not_lend_rights_to_domain_checks() -> Outcome {
    let (database, _folder) = database("owners_lend")?;
    database.psql("CREATE SCHEMA mine AUTHORIZATION e2e_code_operator")?;
    let id = database
        .run_as(OPERATOR, "CREATE TABLE mine.t (d app.note_text); SELECT pgmeta_archive('mine.t', 'cold')")?
        .checked("archive")?;
    let restore = format!("SELECT pgmeta_archive_restore({}, '{{\"into\": \"mine.copy\"}}')", id.trim());
    let error = database.error(OPERATOR, &restore)?;
    ensure!(error.contains("42501") && error.contains("domains"), "{error}");
    // The owner's code cannot change a table of another role: it may only insert rows.
    let deed = "CREATE OR REPLACE FUNCTION app.holds(value text, what text) RETURNS boolean LANGUAGE plpgsql AS $$ DECLARE deed text; BEGIN
        FOREACH deed IN ARRAY ARRAY['GRANT ALL ON public.copy TO PUBLIC', 'CREATE RULE r AS ON INSERT TO public.copy DO ALSO SELECT app.note(''rule'')',
            'CREATE TRIGGER t AFTER INSERT ON public.copy EXECUTE FUNCTION app.on_insert()', 'ALTER TABLE public.copy DISABLE TRIGGER ALL'] LOOP
            BEGIN EXECUTE deed; EXCEPTION WHEN OTHERS THEN NULL; END; END LOOP; RETURN true; END $$;
        CREATE FUNCTION app.on_insert() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM app.note('trigger'); RETURN NULL; END $$";
    database.run_as(OWNER, deed)?.checked("deeds")?;
    database.psql("CREATE TABLE ours (d app.note_text, secret text); INSERT INTO ours VALUES ('a', 's')")?;
    for format in ["jsonl", "csv", "parquet", "binary"] {
        let id = database.psql(&format!("SELECT pgmeta_archive('ours', 'cold', '{{\"format\": \"{format}\"}}')"))?;
        database.psql(&format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"public.copy\"}}')"))?;
        let left = database.psql("SELECT relowner::regrole, (SELECT count(*) FROM aclexplode(relacl) a WHERE a.grantee <> relowner), relhastriggers, relhasrules FROM pg_class WHERE oid = 'public.copy'::regclass; SELECT * FROM copy; DROP TABLE copy")?;
        ensure!(left == "postgres|0|f|f\na|s", "{format}: {left}");
    }
    database.psql("CREATE DOMAIN second AS text; ALTER DOMAIN second OWNER TO e2e_code_operator; CREATE TABLE two (d app.note_text, e second)")?;
    let id = database.psql("SELECT pgmeta_archive('two', 'cold')")?;
    let error =
        database.error("postgres", &format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"public.copy\"}}')"))?;
    ensure!(error.contains("42501") && error.contains("several roles"), "{error}");
    Ok(())
}

/// A check that is added to a domain while rows are loaded also runs as the domain's owner.
#[test]
fn a_check_added_during_a_restore_runs_as_its_owner() -> Outcome {
    let (database, _folder) = database("owners_late")?;
    // The check of the first column waits; the domain of the second has none yet.
    let tables = "CREATE TABLE app.go (); CREATE DOMAIN app.late AS text;
        CREATE FUNCTION app.waits() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN
            FOR i IN 1..1000 LOOP EXIT WHEN EXISTS (SELECT FROM app.go); PERFORM pg_sleep(0.02); END LOOP; RETURN true; END $$;
        CREATE DOMAIN app.slow AS text CHECK (app.waits()); INSERT INTO app.go DEFAULT VALUES;
        CREATE TABLE app.t (s app.slow, l app.late); INSERT INTO app.t SELECT 'a', 'b' FROM generate_series(1, 3)";
    database.run_as(OWNER, tables)?.checked("tables")?;
    for format in ["jsonl", "csv", "parquet", "binary"] {
        let id = database.psql(&format!("SELECT pgmeta_archive('app.t', 'cold', '{{\"format\": \"{format}\"}}')"))?;
        database.run_as(OWNER, "DELETE FROM app.go; TRUNCATE app.seen")?.checked("stop")?;
        let mut psql = server()?.program("psql");
        let restore = format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"public.copy\"}}')");
        psql.args(["-qXAt", "-d", database.name(), "-c", &restore]).stdout(Stdio::null()).stderr(Stdio::piped());
        let session = psql.spawn()?;
        let asleep =
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'";
        wait_for(&database, "the rows come in", asleep, "1")?;
        let check = "ALTER DOMAIN app.late ADD CONSTRAINT c CHECK (app.holds(VALUE, 'late check')) NOT VALID; INSERT INTO app.go DEFAULT VALUES";
        database.run_as(OWNER, check)?.checked("the check")?;
        let output = session.wait_with_output()?;
        let said = String::from_utf8_lossy(&output.stderr);
        ensure!(output.status.success(), "{format}: {said}");
        ensure!(said.contains("code of late check runs"), "{format}: the check has not come in time: {said}");
        let others = said.lines().filter(|line| line.contains("code of ") && !line.ends_with(OWNER)).count();
        ensure!(others == 0, "{format}: {said}");
        nobody_rose(&database)?;
        database.psql("DROP TABLE copy; ALTER DOMAIN app.late DROP CONSTRAINT c")?;
    }
    // Without the rights of the domain's owner the restore fails before that.
    let id = database.psql("SELECT pgmeta_archive('app.t', 'cold', '{\"columns\": [\"l\"]}')")?;
    database.psql("GRANT SELECT ON app.t TO e2e_code_operator; CREATE SCHEMA mine AUTHORIZATION e2e_code_operator")?;
    let restore = format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"mine.copy\"}}')");
    let error = database.error(OPERATOR, &restore)?;
    ensure!(error.contains("42501") && error.contains("domains"), "{error}");
    Ok(())
}
