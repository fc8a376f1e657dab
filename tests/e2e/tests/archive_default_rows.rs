//! Rows of DEFAULT partitions with the option `default_rows`: the right rows are archived; none is lost or duplicated by
//! concurrent writers or failures.

use std::process::{Child, Stdio};

use anyhow::{Result, ensure};
use pgmeta_e2e::archives::{files, kill_backend, wait_for, with_storage, work};
use pgmeta_e2e::{Database, Outcome, Server, server};

/// The ways to archive due candidates.
const WAYS: [&str; 2] = ["CALL pgmeta_archive_run('ev')", "SELECT pgmeta_archive_start('ev')"];

/// 300 old rows in the DEFAULT partition, 2 without a key, and 3 that are not old.
const TABLE: &str = "CREATE TABLE ev (id int, at timestamptz, t text, n numeric) PARTITION BY RANGE (at);
CREATE TABLE ev_default PARTITION OF ev DEFAULT;
INSERT INTO ev SELECT g, '2023-05-01'::timestamptz + g * interval '1 hour', md5(g::text), g / 7.0 FROM generate_series(1, 300) g;
INSERT INTO ev VALUES (1001, NULL, 'no key', 1), (1002, NULL, NULL, NULL);
INSERT INTO ev SELECT 2000 + g, '2099-01-01', 'new', g FROM generate_series(1, 3) g;";

/// Returns all rows of a table as a text that shows duplicates.
fn rows(database: &Database<'_>, of: &str) -> Result<String> {
    database
        .psql(&format!("SELECT count(*), md5(string_agg(r::text, ',' ORDER BY r::text)) FROM (SELECT * FROM {of}) r"))
}

fn make_policy(database: &Database<'_>, options: &str) -> Outcome {
    database.psql(&format!(
        "SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 month', '{{\"default_rows\": \"archive\"{options}}}')"
    ))?;
    Ok(())
}

fn with_rows(label: &str, options: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    let (database, folder) = with_storage(label)?;
    database.psql(TABLE)?;
    make_policy(&database, options)?;
    Ok((database, folder))
}

const STATES: &str = "SELECT id, partition, state, rows, lower FROM pgmeta.archives ORDER BY id";

#[test]
fn old_rows_are_archived_and_restored() -> Outcome {
    for (at, (way, format)) in
        WAYS.iter().flat_map(|way| ["jsonl", "csv", "binary", "parquet"].map(|format| (way, format))).enumerate()
    {
        let (database, folder) =
            with_rows(&format!("default_{at}"), &format!(", \"retire\": \"drop\", \"format\": \"{format}\""))?;
        let (all, old) = (rows(&database, "ev")?, rows(&database, "ev WHERE at < '2099-01-01'")?);
        let due = database.psql("SELECT partition, lower, upper BETWEEN '2024' AND '2099', rows_estimate, state FROM pgmeta_archive_candidates('ev')")?;
        ensure!(due == "ev_default|2023-05-01 01:00:00+00|t|300|pending", "{due}");
        work(&database, way)?;
        let found = database.psql(STATES)?;
        ensure!(found == "1|public.ev_default|retired|300|2023-05-01 01:00:00+00", "{way}, {format}: {found}");
        let left =
            database.psql("SELECT id FROM ev ORDER BY id; SELECT count(*) FROM pgmeta_archive_candidates('ev')")?;
        ensure!(left == "1001\n1002\n2001\n2002\n2003\n0", "{way}, {format}: {left}");
        let paths = files(folder.path())?;
        ensure!(
            paths.len() == 2 && paths.iter().all(|path| path.to_string_lossy().contains("pgmeta_date=2023-05-01/")),
            "{paths:?}"
        );
        let told = database.psql("SELECT count(*) FILTER (WHERE status = 'ok') FROM pgmeta_archive_verify(1);
            SELECT name, live, equal FROM pgmeta_archive_compare(1); SELECT status, detail FROM pgmeta_archive_health() WHERE name = 'policy ev'")?;
        ensure!(told.starts_with("2\nrows|0|f\n") && told.ends_with("\nok|0 pending, 0 blocked, 0 failed"), "{told}");
        let error = database.error("postgres", "CALL pgmeta_archive_delete(1)")?;
        ensure!(error.contains("They were deleted from their partition"), "{error}");
        // Into another table, and back.
        let other = database.psql("SELECT pgmeta_archive_restore(1, '{\"into\": \"public.other\"}')")?;
        ensure!(other == "other" && rows(&database, "other")? == old, "{way}, {format}: {other}");
        let back = database.psql("SELECT pgmeta_archive_restore(1)")?;
        ensure!(back == "ev" && rows(&database, "ev")? == all, "{way}, {format}: {back}");
        let error = database.error("postgres", "SELECT pgmeta_archive_restore(1)")?;
        ensure!(error.contains("55000") && error.contains("may be in public.ev already"), "{error}");
        let held = database.psql("SELECT bool_and(equal) FROM pgmeta_archive_compare(1); SELECT state, blocked_by FROM pgmeta_archive_candidates('ev')")?;
        ensure!(held == "t\nrestored|it was restored: pgmeta_archive_retry archives it again", "{held}");
        work(&database, way)?;
        ensure!(rows(&database, "ev")? == all, "{way}, {format}: what was held was archived");
        let again = database.psql(&format!("SELECT pgmeta_archive_retry(1); {STATES}; SELECT count(*) FROM ev"))?;
        ensure!(again.ends_with("\n2|public.ev_default|retired|300|2023-05-01 01:00:00+00\n5"), "{again}");
        // The next run archives late rows.
        database.psql("INSERT INTO ev VALUES (7, '2022-01-01', 'late', 7)")?;
        work(&database, way)?;
        let late = database.psql(&format!("{STATES} OFFSET 2"))?;
        ensure!(late == "3|public.ev_default|retired|1|2022-01-01 00:00:00+00", "{late}");
    }
    Ok(())
}

/// Kept rows are stored once. Rows that are added between them or become due are stored too. All are deleted when the
/// policy retires.
#[test]
fn kept_rows_are_stored_once() -> Outcome {
    for (at, way) in WAYS.iter().enumerate() {
        let (database, _folder) = with_rows(&format!("default_keep_{at}"), "")?;
        work(&database, way)?;
        work(&database, way)?;
        let found = database
            .psql(&format!("{STATES}; SELECT count(*) FROM ev; SELECT state FROM pgmeta_archive_candidates('ev')"))?;
        ensure!(found == "1|public.ev_default|stored|300|2023-05-01 01:00:00+00\n305\nstored", "{way}: {found}");
        database.psql("INSERT INTO ev VALUES (7, '2022-01-01', 'before it', 7)")?;
        work(&database, way)?;
        let found = database.psql(&format!("{STATES} OFFSET 1"))?;
        ensure!(found == "2|public.ev_default|stored|1|2022-01-01 00:00:00+00", "{way}: {found}");
        database.psql("INSERT INTO ev VALUES (8, '2023-05-02', 'within it', 8)")?;
        work(&database, way)?;
        let found = database.psql(&format!("{STATES} OFFSET 2"))?;
        ensure!(found == "3|public.ev_default|stored|301|2023-05-01 01:00:00+00", "{way}: {found}");
        let before = rows(&database, "ev")?;
        database.psql("SELECT pgmeta_archive_policy_alter('ev', '{\"retire\": \"detach\"}')")?;
        work(&database, way)?;
        let found =
            database.psql("SELECT id, state, retire FROM pgmeta.archives ORDER BY id; SELECT count(*) FROM ev")?;
        ensure!(found == "1|stored|keep\n2|retired|detach\n3|retired|detach\n5", "{way}: {found}");
        database.psql("SELECT pgmeta_archive_restore(2), pgmeta_archive_restore(3)")?;
        ensure!(rows(&database, "ev")? == before, "{way}: other rows came back");
    }
    Ok(())
}

/// Old and new rows are inserted concurrently: each is in one archive or in the table.
#[test]
fn concurrent_rows_are_archived_later() -> Outcome {
    for (at, way) in WAYS.iter().enumerate() {
        let (database, _folder) = with_rows(
            &format!("default_writer_{at}"),
            ", \"retire\": \"drop\", \"backoff\": \"0\", \"max_attempts\": 1000",
        )?;
        database.psql(
            "CREATE PROCEDURE write() LANGUAGE plpgsql AS $$ BEGIN FOR g IN 10001..14000 LOOP
                INSERT INTO ev VALUES (g, CASE WHEN g % 3 = 0 THEN '2099-01-02' ELSE '2023-05-01'::timestamptz + g % 300 * interval '1 hour' END, 'w', g);
                COMMIT; PERFORM pg_sleep(0.0005); END LOOP; END $$",
        )?;
        let mut writer = session(server()?, &database, "CALL write()")?;
        let mut runs = 0;
        while writer.try_wait()?.is_none() && runs < 200 {
            database.psql(way)?;
            runs += 1;
        }
        ensure!(writer.wait()?.success(), "the writer has failed");
        work(&database, way)?;
        work(&database, way)?;
        let left = database.psql("SELECT count(*) FROM ev WHERE at < '2099-01-01'; SELECT count(*) > 1, sum(rows) FROM pgmeta.archives WHERE state = 'retired'")?;
        // 1333 of the 4000 rows are not old.
        ensure!(left == "0\nt|2967", "{way}: {left}");
        let failed = database.psql("SELECT count(*) FROM pgmeta.archives WHERE state NOT IN ('retired', 'failed')")?;
        ensure!(failed == "0", "{failed} are in another state");
        database.psql("SELECT pgmeta_archive_restore(id) FROM pgmeta.archives WHERE state = 'retired'")?;
        let back = database.psql("SELECT count(*), count(DISTINCT id) FROM ev")?;
        ensure!(back == "4305|4305", "{way}: {back}");
    }
    Ok(())
}

/// Starts a session that runs a script and then stays busy.
fn session(own: &Server, database: &Database<'_>, script: &str) -> Result<Child> {
    let mut psql = own.program("psql");
    psql.args(["-qXAt", "-d", database.name(), "-c", script]);
    Ok(psql.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?)
}

/// The server dies after the rows were stored and verified, before they are deleted: the next run resumes or starts again.
#[test]
fn a_crash_before_rows_are_deleted_loses_none() -> Outcome {
    let own = server()?.start()?;
    for (at, way) in WAYS.iter().enumerate() {
        let folder = tempfile::tempdir()?;
        std::fs::set_permissions(folder.path(), std::os::unix::fs::PermissionsExt::from_mode(0o777))?;
        let database = Database::create_on(&own, &format!("default_dies_{at}"))?;
        database.psql(&format!(
            "CREATE EXTENSION pgmeta; CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}'); {TABLE}",
            folder.path().display()
        ))?;
        make_policy(&database, ", \"retire\": \"drop\", \"lock_timeout\": 60000")?;
        let all = rows(&database, "ev")?;
        let mut holder = session(&own, &database, "BEGIN; LOCK TABLE ev_default IN SHARE MODE; SELECT pg_sleep(100)")?;
        let held =
            "SELECT count(*) FROM pg_locks WHERE relation = 'ev_default'::regclass AND mode = 'ShareLock' AND granted";
        wait_for(&database, "the holder", held, "1")?;
        let mut worker = session(&own, &database, way)?;
        let waits = "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'ev_default'::regclass AND mode = 'ShareRowExclusiveLock' AND NOT granted";
        wait_for(&database, "the deletion", waits, "t")?;
        let pid = database.psql(
            "SELECT pid FROM pgmeta.archive_progress WHERE phase = 'retiring' AND partition = 'public.ev_default'",
        )?;
        ensure!(kill_backend(&own, &pid)?, "there was nobody to kill");
        let (_, _) = (holder.wait()?, worker.wait()?);
        ensure!(rows(&database, "ev")? == all, "{way}: rows are gone");
        work(&database, way)?;
        let found = database.psql("SELECT sum(rows) FROM pgmeta.archives WHERE state = 'retired'; SELECT count(*) FROM ev;
            SELECT count(*) FROM pgmeta.archive_records WHERE state NOT IN ('retired', 'failed') OR state = 'failed' AND stem IS NOT NULL")?;
        ensure!(found == "300\n5\n0", "{way}: {found}");
        ensure!(files(folder.path())?.len() == 2, "{way}: {:?}", files(folder.path())?);
        database.psql("SELECT pgmeta_archive_restore(id) FROM pgmeta.archives WHERE state = 'retired'")?;
        ensure!(rows(&database, "ev")? == all, "{way}: other rows came back");
    }
    Ok(())
}

/// The records are lost, and the table has changed: rows are restored into the right partitions with the present columns.
#[test]
fn rows_are_restored_from_manifests_alone() -> Outcome {
    for format in ["jsonl", "parquet"] {
        let (database, folder) = with_rows(
            &format!("default_adopt_{format}"),
            &format!(", \"retire\": \"drop\", \"format\": \"{format}\""),
        )?;
        let (all, old) = (rows(&database, "ev")?, rows(&database, "ev WHERE at < '2099-01-01'")?);
        work(&database, WAYS[0])?;
        let to = Database::with_pgmeta(&format!("default_adopted_{format}"))?;
        to.psql(&format!(
            "CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}'); {TABLE} DELETE FROM ev WHERE at < '2099-01-01'",
            folder.path().display()
        ))?;
        let found = to.psql("SELECT partition, action FROM pgmeta_archive_adopt('cold'); SELECT state, rows, lower FROM pgmeta.archives")?;
        ensure!(found == "public.ev_default|adopted\nretired|300|2023-05-01 01:00:00+00", "{found}");
        to.psql("SELECT pgmeta_archive_restore(1, '{\"into\": \"public.other\"}')")?;
        ensure!(rows(&to, "other")? == old, "{format}: other rows came back");
        to.psql("ALTER TABLE ev DETACH PARTITION ev_default; CREATE TABLE ev_2023 PARTITION OF ev FOR VALUES FROM ('2023-01-01') TO ('2024-01-01');
            ALTER TABLE ev ATTACH PARTITION ev_default DEFAULT; ALTER TABLE ev ADD g int GENERATED ALWAYS AS (id * 2) STORED, ADD more int DEFAULT 3;
            SELECT pgmeta_archive_restore(1)")?;
        let found = to.psql(
            "SELECT tableoid::regclass, count(*), sum(g) = sum(id * 2), sum(more) FROM ev GROUP BY 1 ORDER BY count(*)",
        )?;
        ensure!(found == "ev_default|5|t|15\nev_2023|300|t|900", "{format}: {found}");
        ensure!(rows(&to, "(SELECT id, at, t, n FROM ev) r")? == all, "{format}: other rows came back");
        let left = to.psql("SELECT count(*) FROM pg_class WHERE relname LIKE 'pgmeta restores%'")?;
        ensure!(left == "0", "the table beside it stays");
    }
    Ok(())
}

/// A row is due when its key is older than the retention, including the last moment of its unit.
#[test]
fn rows_younger_than_the_retention_are_not_due() -> Outcome {
    let (database, _folder) = with_storage("default_keys")?;
    // Type of the key, retention, options, greatest due key, least key that is not due.
    let cases = [
        ("date", "'1 month'", "", "'2024-05-14'", "'2024-05-15'"),
        ("timestamp", "'1 month'", "", "'2024-05-15 11:59:59.999999'", "'2024-05-15 12:00'"),
        ("timestamptz", "'1 month'", "", "'2024-05-15 11:59:59.999999+00'", "'2024-05-15 12:00+00'"),
        (
            "timestamptz",
            "'1 month'",
            ", \"time_zone\": \"Asia/Tokyo\"",
            "'2024-05-15 11:59:59.999999+00'",
            "'2024-05-15 12:00+00'",
        ),
        ("bigint", "'1 month'", ", \"epoch\": \"s\"", "1715774399", "1715774400"),
        ("bigint", "'1 month'", ", \"epoch\": \"ms\"", "1715774399999", "1715774400000"),
        (
            "uuid",
            "'1 month'",
            ", \"epoch\": \"uuid7\"",
            "'018f7c1f-a5ff-7fff-bfff-ffffffffffff'",
            "'018f7c1f-a600-7000-8000-000000000000'",
        ),
        ("smallint", "30000", "", "-2", "0"),
        ("day", "'1 month'", "", "'2024-05-14'", "'2024-05-15'"),
    ];
    database.psql("CREATE DOMAIN day AS date")?;
    for (key, retention, options, due, young) in cases {
        let greatest = if key == "smallint" { ", (30000)" } else { "" };
        let found = database.psql(&format!(
            "CREATE TABLE ev (k {key}) PARTITION BY RANGE (k); CREATE TABLE ev_default PARTITION OF ev DEFAULT; INSERT INTO ev VALUES ({due}), ({young}){greatest};
            SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', {retention}, '{{\"default_rows\": \"archive\", \"retire\": \"drop\", \"probe\": false{options}}}');
            SELECT rows_estimate, lower::{key} = {due} FROM pgmeta_archive_candidates('ev', '2024-06-15 12:00+00')"
        ))?;
        ensure!(found.ends_with("1|t"), "{key}{options}: {found}");
        database.psql("DROP TABLE ev; SELECT pgmeta_archive_policy_drop('ev')")?;
    }
    Ok(())
}

#[test]
fn impossible_slices_are_errors() -> Outcome {
    let (database, folder) = with_storage("default_refused")?;
    let create = |parent: &str, retention: &str| {
        format!(
            "SELECT pgmeta_archive_policy_create('p', '{parent}', 'cold', {retention}, '{{\"default_rows\": \"archive\"}}')"
        )
    };
    database.psql("CREATE TABLE listed (at date) PARTITION BY LIST (at); CREATE TABLE two (at date, id int) PARTITION BY RANGE (at, id);
        CREATE TABLE cut (at timestamp) PARTITION BY RANGE (date_trunc('month', at));
        CREATE TABLE above (r int, at date) PARTITION BY LIST (r); CREATE TABLE below PARTITION OF above FOR VALUES IN (1) PARTITION BY RANGE (at);
        CREATE TABLE deep (at date) PARTITION BY RANGE (at); CREATE TABLE deeper PARTITION OF deep DEFAULT PARTITION BY RANGE (at)")?;
    for (parent, why) in [
        ("listed", "listed is partitioned by LIST (at)"),
        ("two", "two is partitioned by RANGE (at, id)"),
        ("cut", "cut is partitioned by RANGE (date_trunc("),
        ("above", "above is partitioned by LIST (r)"),
        ("deep", "deeper is not a table"),
    ] {
        let error = database.error("postgres", &create(parent, "interval '1 day'"))?;
        ensure!(error.contains("0A000") && error.contains(why), "{error}");
    }
    database.psql(&create("below", "interval '1 day'"))?;
    let error = database.error("postgres", &create("below", "interval '1 day'").replace("archive\"}", "all\"}"))?;
    ensure!(error.contains("22023") || error.contains("unknown variant `all`"), "{error}");

    // A trigger prevents the deletion: nothing is deleted or lost.
    database.psql(TABLE)?;
    make_policy(&database, ", \"retire\": \"drop\", \"backoff\": \"0\"")?;
    let all = rows(&database, "ev")?;
    database.psql("CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN IF OLD.id = 9 THEN RETURN NULL; END IF; RETURN OLD; END';
        CREATE TRIGGER keep BEFORE DELETE ON ev_default FOR EACH ROW EXECUTE FUNCTION keep()")?;
    for way in WAYS {
        work(&database, way)?;
        let found = database.psql("SELECT DISTINCT sqlstate, error FROM pgmeta.archives WHERE error IS NOT NULL")?;
        ensure!(found == "27000|299 of 300 archived rows of public.ev_default were deleted", "{way}: {found}");
        ensure!(rows(&database, "ev")? == all, "{way}: rows are gone");
    }
    let found = database.psql("SELECT status FROM pgmeta_archive_health() WHERE name = 'policy ev'; SELECT status FROM pgmeta_archive_validate('ev') WHERE name = 'default rows'")?;
    ensure!(found == "fail\nok", "{found}");
    database.psql("DROP TRIGGER keep ON ev_default")?;
    work(&database, WAYS[1])?;
    let found =
        database.psql("SELECT sum(rows) FROM pgmeta.archives WHERE state = 'retired'; SELECT count(*) FROM ev")?;
    ensure!(found == "300\n5", "{found}");
    ensure!(files(folder.path())?.len() == 2, "{:?}", files(folder.path())?);

    // A trigger changes restored rows.
    database.psql(
        "CREATE FUNCTION change() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.t := ''x''; RETURN NEW; END';
        CREATE TRIGGER change BEFORE INSERT ON ev_default FOR EACH ROW EXECUTE FUNCTION change()",
    )?;
    let restore = "SELECT pgmeta_archive_restore(id) FROM pgmeta.archives WHERE state = 'retired'";
    let error = database.error("postgres", restore)?;
    ensure!(
        error.contains("27000") && error.contains("rows that were put back into public.ev do not match the archive"),
        "{error}"
    );
    let error =
        database.error("postgres", &restore.replace("(id)", "(id, '{\"attach\": true, \"into\": \"x.y\"}')"))?;
    ensure!(error.contains("22023") && error.contains("leave out attach"), "{error}");
    database.psql(&format!("DROP TRIGGER change ON ev_default; {restore}"))?;
    ensure!(rows(&database, "ev")? == all, "other rows came back");
    Ok(())
}

/// Deleting and restoring rows runs triggers as the table's owner.
#[test]
fn triggers_run_as_the_owner() -> Outcome {
    let (database, _folder) = with_rows("default_owner", ", \"retire\": \"drop\"")?;
    database.psql(
        "CREATE ROLE default_rows_owner; ALTER TABLE ev OWNER TO default_rows_owner; ALTER TABLE ev_default OWNER TO default_rows_owner;
        CREATE TABLE who (name text); GRANT ALL ON who TO PUBLIC; GRANT ALL ON SCHEMA public TO default_rows_owner;
        CREATE FUNCTION tell() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO public.who VALUES (current_user); RETURN COALESCE(NEW, OLD); END';
        CREATE TRIGGER tell BEFORE DELETE OR INSERT ON ev_default FOR EACH ROW EXECUTE FUNCTION tell()",
    )?;
    let all = rows(&database, "ev")?;
    work(&database, WAYS[0])?;
    let found = database
        .psql("SELECT name, count(*) FROM who GROUP BY 1; SELECT count(*) FROM ev; SELECT pgmeta_archive_restore(1)")?;
    ensure!(found == "default_rows_owner|300\n5\nev", "{found}");
    let found = database.psql("SELECT name, count(*) FROM who GROUP BY 1")?;
    ensure!(found == "default_rows_owner|600" && rows(&database, "ev")? == all, "{found}");
    database.psql("DROP TABLE ev; DROP OWNED BY default_rows_owner; DROP ROLE default_rows_owner")?;
    Ok(())
}
