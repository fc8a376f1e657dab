//! Archives of partitions against a real server: what is stored comes back equal, what is damaged is found, and no row
//! is lost whatever comes between.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome};

const TABLE: &str = "CREATE TABLE ev (id int, at timestamptz NOT NULL, t text) PARTITION BY RANGE (at);
CREATE TABLE ev_old PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE ev_new PARTITION OF ev FOR VALUES FROM ('2026-01-01') TO ('2026-02-01');
INSERT INTO ev SELECT g, '2024-01-01'::timestamptz + g * interval '1 minute', 'x' || g FROM generate_series(1, 1000) g;";

/// A database with a storage called `cold`, and its folder.
fn with_storage(label: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    use std::os::unix::fs::PermissionsExt;
    let database = Database::with_pgmeta(label)?;
    let folder = tempfile::tempdir()?;
    // The server runs as another user.
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
    database.psql(&format!(
        "CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}')",
        folder.path().display()
    ))?;
    Ok((database, folder))
}

fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut waiting = vec![folder.to_owned()];
    while let Some(folder) = waiting.pop() {
        for entry in fs::read_dir(&folder)? {
            let path = entry?.path();
            if path.is_dir() { waiting.push(path) } else { found.push(path) }
        }
    }
    found.sort();
    Ok(found)
}

fn data_file(folder: &Path) -> Result<PathBuf> {
    let files = files(folder)?;
    let file = files.into_iter().find(|path| !path.to_string_lossy().ends_with("manifest.json"));
    file.context("no data file")
}

/// Values of every built-in type that a column can have, the strange ones among them.
const TYPES: &str = r#"CREATE TYPE mood AS ENUM ('sad', 'so "so"', 'it''s');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TYPE pair AS (a int, b text);
CREATE TABLE types (
  c1 bool, c2 int2, c3 int4, c4 int8, c5 float4, c6 float8, c7 numeric, c8 numeric(12, 3), c9 money, c10 text,
  c11 varchar(20), c12 char(8), c13 "char", c14 name, c15 bytea, c16 date, c17 time, c18 timetz, c19 timestamp,
  c20 timestamptz, c21 interval, c22 uuid, c23 json, c24 jsonb, c25 xml, c26 inet, c27 cidr, c28 macaddr, c29 macaddr8,
  c30 bit(5), c31 varbit, c32 point, c33 line, c34 lseg, c35 box, c36 path, c37 polygon, c38 circle, c39 tsvector,
  c40 tsquery, c41 int4range, c42 tstzrange, c43 nummultirange, c44 pg_lsn, c45 mood, c46 positive, c47 pair, c48 text[],
  c49 int[][], c50 pair[], c51 mood[], c52 timestamp(0), c53 "Odd ""name""" , c54 interval day to second(2), c55 oid,
  c56 jsonb[], c57 int GENERATED ALWAYS AS (c3 + 1) STORED
);
INSERT INTO types VALUES
 (true, 1, 2, 3, 'NaN', '-Infinity', 'NaN', 1.500, 12.34, '', 'é', 'ab', 'x', 'n', '\x00ff', 'infinity', '24:00', '10:00+02',
  '0044-03-15 01:02:03 BC', '20000-01-01 00:00+00', '1 year -2 days 00:00:01.5', '5b2f0a4e-0000-4000-8000-000000000001',
  E'{"a":\n 1, "a": 2.50}', '{"b": [1, "x\\u00e9"], "n": null}', '<a b="c">x</a>', '::1/64', '10.0.0.0/8', '08:00:2b:01:02:03',
  '08:00:2b:01:02:03:04:05', '10101', '1', '(1,-0)', '{1,2,3}', '[(0,0),(1,1)]', '((0,0),(1,1))', '[(0,0),(1,1)]',
  '((0,0),(1,1),(1,0))', '<(0,0),1>', '''a'' ''it''''s'':2A', '!a & b:*', '[1,5)', '["2024-01-01 00:00+00",)', '{[1,2),[3,)}',
  '16/B374D848', 'so "so"', 7, ROW(1, NULL), ARRAY['a,b', NULL, '', 'NULL', E'"q"\n\\'], '{{1,2},{3,NULL}}',
  ARRAY[ROW(1, 'x')::pair, NULL], '{sad,"it''s"}', '2024-01-01', 'o', '1 day 2.25', 4294967295, ARRAY['{"x": 1}'::jsonb], DEFAULT),
 (false, -32768, -2147483648, -9223372036854775808, 1e-45, 5e-324, 123456789012345678901234567890.123456789, -999999999.999,
  -1, E'line\nbreak\r\t"\\N\u2028', '', '', '', '', '', '-infinity', '00:00', '00:00-15', '-infinity', 'infinity', '-1 mon',
  '00000000-0000-0000-0000-000000000000', '[]', '"\\"', '', '0.0.0.0', '::/0', '00:00:00:00:00:00', '00:00:00:00:00:00:00:00',
  '00000', '', '(NaN,Infinity)', '{0,1,0}', '[(1e300,0),(0,0)]', '((0,0),(0,0))', '((0,0),(1,1))', '((0,0))', '<(1,2),0>', '',
  '', 'empty', 'empty', '{}', '0/0', 'it''s', 1, ROW(NULL, NULL), '{}', '{}', '{}', '{}', '2024-01-01', '', '0', 0, '{}', DEFAULT);
INSERT INTO types (c1) SELECT NULL FROM generate_series(1, 3);
INSERT INTO types (c3, c10) SELECT g, repeat(md5(g::text), 20) FROM generate_series(1, 5000) g;"#;

fn types() -> Result<String> {
    let has_xml = pgmeta_e2e::server()?.run_psql("postgres", "postgres", "SELECT '<a/>'::xml")?.ok;
    // Not every server is built with libxml.
    let types = if has_xml { TYPES.to_owned() } else { TYPES.replace("c25 xml", "c25 text") };
    // A domain stands in for a type with an odd name.
    Ok(format!("CREATE DOMAIN \"Odd \"\"name\"\"\" AS text;\n{types}"))
}

#[test]
fn every_type_comes_back_equal() -> Outcome {
    let (database, _folder) = with_storage("types")?;
    database.psql(&types()?)?;
    let formats = [
        ("csv", "zstd"),
        ("jsonl", "gzip"),
        ("csv", "none"),
        ("binary", "lz4"),
        ("parquet", "zstd"),
        ("parquet", "none"),
    ];
    for (format, compression) in formats {
        if format == "binary" {
            // What the server sends for an empty tsquery, it does not receive.
            let archive = "SELECT pgmeta_archive('types', 'cold', '{\"format\": \"binary\"}')";
            let error = database.error("postgres", archive)?;
            ensure!(error.contains("0A000") && error.contains("empty tsquery"), "{error}");
            database.psql("UPDATE types SET c40 = NULL WHERE numnode(c40) = 0")?;
        }
        // The caller's settings are not to matter.
        let archive = format!(
            "SET DateStyle = 'German'; SET IntervalStyle = 'sql_standard'; SET TimeZone = 'America/New_York';
            SET extra_float_digits = 0; SET bytea_output = 'escape';
            SELECT pgmeta_archive('types', 'cold', '{{\"format\": \"{format}\", \"compression\": \"{compression}\"}}') AS id \\gset
            SELECT pgmeta_archive_restore(:id, '{{\"into\": \"public.back\"}}');"
        );
        database.psql(&archive)?;
        // COPY's formats have no generated columns.
        let computed = "ALTER TABLE back ADD c57 int GENERATED ALWAYS AS (c3 + 1) STORED";
        database.psql(if matches!(format, "csv" | "binary") { computed } else { "" })?;
        // Not all types compare: their text does.
        let differences = database.psql(
            "SELECT count(*) FROM ((SELECT t::text FROM types t EXCEPT ALL SELECT b::text FROM back b)
               UNION ALL (SELECT b::text FROM back b EXCEPT ALL SELECT t::text FROM types t)) d;
             SELECT count(*) FROM back; DROP TABLE back",
        )?;
        ensure!(differences == "0\n5005", "{format}: {differences}");
    }
    Ok(())
}

#[test]
fn csv_is_what_copy_writes_and_jsonl_what_row_to_json_returns() -> Outcome {
    let (database, folder) = with_storage("bytes")?;
    database.psql(&types()?)?;
    database.psql("UPDATE types SET c40 = NULL WHERE numnode(c40) = 0")?;
    let copy = format!("{}/copy", folder.path().display());
    let queries = [("csv", "types"), ("binary", "types"), ("jsonl", "(SELECT row_to_json(t)::text FROM types t)")];
    for (format, query) in queries {
        let options = match format {
            "jsonl" => "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')",
            format => &format!("(FORMAT {format})"),
        };
        database.psql(&format!(
            "SET TimeZone = 'UTC'; SET extra_float_digits = 3;
            COPY {query} TO '{copy}' {options};
            SELECT pgmeta_archive('types', 'cold', '{{\"format\": \"{format}\", \"compression\": \"none\", \"path_template\": \"{format}\"}}')"
        ))?;
        let found = fs::read(data_file(&folder.path().join(format))?)?;
        let expected = fs::read(&copy)?;
        ensure!(
            found == expected || format == "jsonl" && json_lines(&expected) == found,
            "{format} differs{}",
            first_difference(&found, &expected)
        );
    }
    Ok(())
}

/// pgmeta prints numbers and times itself, byte for byte as the server would.
#[test]
fn numbers_and_times_are_printed_as_the_server_does() -> Outcome {
    let (database, folder) = with_storage("printed")?;
    database.psql(
        "SELECT setseed(0.42);
        CREATE TABLE types AS SELECT sign(random() - 0.5) * random() * 10.0 ^ ((random() * 600)::int - 300) AS f8,
            (sign(random() - 0.5) * random() * 10.0 ^ ((random() * 70)::int - 35))::float4 AS f4,
            (random() * 1e6)::int / 8.0::float8 AS eighths, (10.0 ^ (g % 20))::float8 AS powers, (10.0 ^ -(g % 20))::float4 AS parts,
            '4713-01-01 00:00 BC'::timestamp + (random() * 290000 * 365) * interval '1 day' AS ts,
            '4713-01-01 00:00+00 BC'::timestamptz + (random() * 6000 * 365) * interval '1 day' AS at,
            ('4713-01-01 BC'::date + (random() * 2000000)::int) AS d, (random() * interval '24 hours')::time AS ti,
            (random() * 1e9)::numeric(30, 5) AS n, g, (g - 50000)::int2 % 30000::int2 AS i2
        FROM generate_series(20000, 79999) g",
    )?;
    let copy = format!("{}/copy", folder.path().display());
    for (format, query) in [("csv", "types"), ("jsonl", "(SELECT row_to_json(t)::text FROM types t)")] {
        let options = if format == "csv" { "(FORMAT csv)" } else { "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')" };
        database.psql(&format!(
            "SET TimeZone = 'UTC'; SET extra_float_digits = 3; COPY {query} TO '{copy}' {options};
            SELECT pgmeta_archive('types', 'cold', '{{\"format\": \"{format}\", \"compression\": \"none\", \"path_template\": \"{format}\"}}')"
        ))?;
        let found = fs::read(data_file(&folder.path().join(format))?)?;
        let expected = fs::read(&copy)?;
        ensure!(
            found.len() > 1_000_000 && found == expected,
            "{format} differs{}",
            first_difference(&found, &expected)
        );
    }
    Ok(())
}

fn first_difference(found: &[u8], expected: &[u8]) -> String {
    let at = found.iter().zip(expected).position(|(found, expected)| found != expected).unwrap_or(0);
    let near =
        |bytes: &[u8]| String::from_utf8_lossy(&bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())]).into_owned();
    format!(" at {at}:\n{}\n{}", near(found), near(expected))
}

/// A record with a line break in a json column is quoted by COPY.
fn json_lines(copied: &[u8]) -> Vec<u8> {
    copied.iter().copied().filter(|&byte| byte != 1).collect()
}

#[test]
fn json_refuses_what_it_cannot_keep() -> Outcome {
    let (database, folder) = with_storage("lossy")?;
    database.psql("CREATE TABLE a (j jsonb); INSERT INTO a VALUES ('null'); CREATE TABLE b (x int[]); INSERT INTO b VALUES ('[0:1]={1,2}')")?;
    for table in ["a", "b"] {
        let error = database.error("postgres", &format!("SELECT pgmeta_archive('{table}', 'cold')"))?;
        ensure!(error.contains("0A000") && error.contains("use format csv"), "{error}");
        database.psql(&format!(
            "SELECT pgmeta_archive('{table}', 'cold', '{{\"format\": \"csv\"}}') AS id \\gset
            SELECT pgmeta_archive_restore(:id, '{{\"into\": \"public.back\"}}'); DROP TABLE back"
        ))?;
    }
    ensure!(files(folder.path())?.len() == 4, "a call that failed has left files: {:?}", files(folder.path())?);
    Ok(())
}

#[test]
fn what_is_damaged_is_found_and_not_restored() -> Outcome {
    let (database, folder) = with_storage("damage")?;
    database.psql(TABLE)?;
    database.psql("SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}')")?;
    let path = data_file(folder.path())?;
    let good = fs::read(&path)?;
    let manifest = files(folder.path())?.into_iter().find(|path| path.extension().is_some_and(|end| end == "json"));
    let manifest = manifest.context("no manifest")?;
    let said = fs::read_to_string(&manifest)?;
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 1;
    let verify = "SELECT status, detail FROM pgmeta_archive_verify(1) ORDER BY status";
    for (bytes, detail) in [(&flipped[..], "SHA-256"), (&good[..good.len() - 3], "bytes"), (b"", "bytes")] {
        fs::write(&path, bytes)?;
        let found = database.psql(verify)?;
        ensure!(found.starts_with("fail|") && found.contains(detail) && found.contains("ok|"), "{found}");
        let sizes =
            database.psql("SELECT bool_and(status = 'ok') FROM pgmeta_archive_verify(1, '{\"content\": false}')")?;
        ensure!((sizes == "t") == (bytes.len() == good.len()), "{sizes}");
        let error = database.error("postgres", "SELECT pgmeta_archive_restore(1)")?;
        ensure!(error.contains("XX001") && error.contains("is damaged"), "{error}");
    }
    fs::write(&path, &good)?;
    fs::write(&manifest, said.replace("\"rows\": 1000", "\"rows\": 1001"))?;
    let found = database.psql(verify)?;
    ensure!(found.contains("is not the one that was written"), "{found}");
    fs::write(&manifest, said)?;
    let rows = database.psql("SELECT pgmeta_archive_restore(1, '{\"attach\": true}'); SELECT count(*) FROM ev")?;
    ensure!(rows == "ev_old\n1000", "{rows}");
    Ok(())
}

/// A row that comes between the reading and the lock is not lost, even where the transaction cannot see it.
#[test]
fn late_rows_keep_their_partition() -> Outcome {
    let (database, folder) = with_storage("late")?;
    database.psql(TABLE)?;
    let error = database.error(
        "postgres",
        &format!(
            "BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1;
            \\! psql -qX -d {} -c \"INSERT INTO ev VALUES (0, '2024-01-05', 'late')\"
            SELECT pgmeta_archive('ev_old', 'cold', '{{\"retire\": \"drop\"}}');",
            database.name()
        ),
    )?;
    ensure!(error.contains("40001") && error.contains("have changed since they were read"), "{error}");
    let rows = database.psql("SELECT count(*) FROM ev_old; SELECT count(*) FROM pgmeta.archives")?;
    ensure!(rows == "1001\n0", "{rows}");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    Ok(())
}

#[test]
fn a_rollback_leaves_no_files() -> Outcome {
    let (database, folder) = with_storage("rollback")?;
    database.psql(TABLE)?;
    database.psql("BEGIN; SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"detach\"}'); ROLLBACK")?;
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    let rows = database.psql("SELECT count(*) FROM ev; SELECT count(*) FROM pgmeta.archives")?;
    ensure!(rows == "1000\n0", "{rows}");
    Ok(())
}

#[test]
fn only_one_session_archives_a_partition() -> Outcome {
    let (database, folder) = with_storage("eight")?;
    database.psql(TABLE)?;
    let call = "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}')";
    let sessions: Vec<_> = (0..8)
        .map(|_| {
            let mut psql = pgmeta_e2e::server()?.program("psql");
            psql.args(["-qXAt", "-d", database.name(), "-c", call]).stdout(Stdio::null()).stderr(Stdio::null());
            Ok(psql.spawn()?)
        })
        .collect::<Result<_>>()?;
    let mut won = 0;
    for mut session in sessions {
        won += i32::from(session.wait()?.success());
    }
    ensure!(won == 1, "{won} sessions have archived it");
    ensure!(files(folder.path())?.len() == 2, "{:?}", files(folder.path())?);
    let rows = database.psql("SELECT rows FROM pgmeta.archives")?;
    ensure!(rows == "1000", "{rows}");
    Ok(())
}

#[test]
fn rows_behind_a_policy_are_an_error() -> Outcome {
    let (database, folder) = with_storage("rls")?;
    database.psql(TABLE)?;
    database.psql(
        "DROP ROLE IF EXISTS archive_rls; CREATE ROLE archive_rls LOGIN;
        GRANT pgmeta_archive_operator, pg_write_server_files TO archive_rls;
        GRANT USAGE ON FOREIGN SERVER cold TO archive_rls; GRANT SELECT ON ev_old TO archive_rls;
        ALTER TABLE ev_old ENABLE ROW LEVEL SECURITY; CREATE POLICY half ON ev_old USING (id % 2 = 0)",
    )?;
    let error = database.error("archive_rls", "SELECT pgmeta_archive('ev_old', 'cold')")?;
    ensure!(error.contains("42501") && error.contains("row-level security"), "{error}");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    database.psql("DROP OWNED BY archive_rls; DROP ROLE archive_rls").map(drop)
}

#[test]
fn referenced_partitions_are_blocked_and_the_others_go_on() -> Outcome {
    let (database, _folder) = with_storage("blocked")?;
    database.psql(TABLE)?;
    database.psql(
        "ALTER TABLE ev ADD PRIMARY KEY (id, at); CREATE TABLE r (id int, at timestamptz, FOREIGN KEY (id, at) REFERENCES ev);
        CREATE TABLE ts (at date) PARTITION BY RANGE (at);
        CREATE TABLE ts_1 PARTITION OF ts FOR VALUES FROM ('2020-01-01') TO ('2020-02-01');
        CREATE TABLE ts_2 PARTITION OF ts FOR VALUES FROM ('2020-02-01') TO ('2020-03-01');
        CREATE TABLE ts_d PARTITION OF ts DEFAULT;
        INSERT INTO ts SELECT '2020-01-01'::date + g FROM generate_series(0, 50) g;
        CREATE VIEW needs AS SELECT * FROM ts_1;
        SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 year', '{\"retire\": \"drop\"}');
        SELECT pgmeta_archive_policy_create('ts', 'ts', 'cold', interval '1 year', '{\"retire\": \"drop\", \"max_attempts\": 1}')",
    )?;
    let blocked = database.psql("SELECT partition, state, blocked_by FROM pgmeta_archive_candidates('ev')")?;
    ensure!(blocked == "ev_old|blocked|foreign keys reference it: r_id_at_fkey on public.r", "{blocked}");
    let error = database.error("postgres", "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"detach\"}')")?;
    ensure!(error.contains("2BP01") && error.contains("r_id_at_fkey"), "{error}");
    let _ = database.run_as("postgres", "CALL pgmeta_archive_run()")?;
    let states = database.psql(
        "SELECT partition, state, sqlstate FROM pgmeta.archives ORDER BY partition;
        SELECT partition, state FROM pgmeta_archive_candidates('ts'); SELECT count(*) FROM ev; SELECT count(*) FROM ts",
    )?;
    ensure!(states == "public.ts_1|failed|2BP01\npublic.ts_2|retired|\nts_1|failed\n1000\n31", "{states}");
    Ok(())
}

#[test]
fn what_is_due_is_told_by_bounds() -> Outcome {
    let (database, _folder) = with_storage("due")?;
    database.psql(
        "CREATE TABLE keys (id int, region text) PARTITION BY RANGE (id);
        CREATE TABLE keys_1 PARTITION OF keys FOR VALUES FROM (0) TO (100) PARTITION BY LIST (region);
        CREATE TABLE \"keys_1.Eu\" PARTITION OF keys_1 FOR VALUES IN ('eu');
        CREATE TABLE keys_1_us PARTITION OF keys_1 DEFAULT;
        CREATE TABLE keys_2 PARTITION OF keys FOR VALUES FROM (100) TO (200);
        CREATE TABLE keys_3 PARTITION OF keys FOR VALUES FROM (200) TO (MAXVALUE);
        INSERT INTO keys VALUES (1, 'eu'), (150, 'us'), (250, 'us');
        CREATE TABLE days (d date) PARTITION BY LIST (d);
        CREATE TABLE days_1 PARTITION OF days FOR VALUES IN ('2024-03-09', '2024-03-10');
        CREATE TABLE days_2 PARTITION OF days FOR VALUES IN ('2024-03-11', NULL);
        CREATE TABLE ms (m bigint) PARTITION BY RANGE (m);
        CREATE TABLE ms_1 PARTITION OF ms FOR VALUES FROM (0) TO (1710028800000);
        SELECT pgmeta_archive_policy_create('keys', 'keys', 'cold', 100);
        SELECT pgmeta_archive_policy_create('days', 'days', 'cold', interval '1 day', '{\"time_zone\": \"America/New_York\"}');
        SELECT pgmeta_archive_policy_create('ms', 'ms', 'cold', interval '1 day', '{\"epoch\": \"ms\"}')",
    )?;
    let due = |policy: &str, at: &str| {
        database.psql(&format!("SELECT partition, state FROM pgmeta_archive_candidates('{policy}', '{at}')"))
    };
    // 250 - 100 = 150: the second has keys beyond it.
    let found = due("keys", "now")?;
    ensure!(found == "\"keys_1.Eu\"|pending\nkeys_1_us|pending", "{found}");
    // The tenth of March of 2024 is a day of 23 hours in New York: it is over at 04:00 UTC, and a day later.
    ensure!(due("days", "2024-03-12 03:59:59+00")?.is_empty());
    ensure!(due("days", "2024-03-12 04:00:00+00")? == "days_1|pending");
    // Milliseconds: 2024-03-10 00:00 UTC.
    ensure!(due("ms", "2024-03-10 23:59:59+00")?.is_empty());
    ensure!(due("ms", "2024-03-11 00:00:00+00")? == "ms_1|pending");
    for (keep, left) in [(3, ""), (2, "\"keys_1.Eu\"|pending\nkeys_1_us|pending")] {
        database.psql(&format!("SELECT pgmeta_archive_policy_alter('keys', '{{\"keep_newest\": {keep}}}')"))?;
        let found = due("keys", "now")?;
        ensure!(found == left, "of which {keep} stay: {found}");
    }
    let error =
        database.error("postgres", "SELECT pgmeta_archive_policy_create('x', 'keys', 'cold', interval '1 day')")?;
    ensure!(error.contains("22023") && error.contains("An interval is for keys of date and time"), "{error}");
    Ok(())
}

/// What is stored needs no pgmeta to be read.
#[test]
fn other_programs_read_the_files() -> Outcome {
    let (database, folder) = with_storage("readers")?;
    database.psql(TABLE)?;
    database.psql("CREATE TABLE back (LIKE ev); UPDATE ev SET t = E'a,\"b\"\\n' WHERE id % 3 = 0; UPDATE ev SET t = NULL WHERE id % 3 = 1")?;
    for (compression, program) in [("zstd", "zstd -dc"), ("gzip", "gzip -dc"), ("lz4", "lz4 -dc"), ("none", "cat")] {
        for format in ["csv", "jsonl"] {
            let path = format!("{format}-{compression}");
            database.psql(&format!(
                "SELECT pgmeta_archive('ev_old', 'cold', '{{\"format\": \"{format}\", \"compression\": \"{compression}\", \"path_template\": \"{path}\"}}')"
            ))?;
            let file = data_file(&folder.path().join(&path))?;
            let read = format!("{program} < '{}'", file.display());
            let script = if format == "csv" {
                format!("\\copy back FROM PROGRAM '{}' (FORMAT csv)", read.replace('\'', "''"))
            } else {
                let jq =
                    format!("{read} | jq -r '[.id, .at, .t] | map(if . == null then \"\\\\N\" else . end) | @csv'");
                format!(
                    "\\copy back FROM PROGRAM '{}' (FORMAT csv, NULL '\\N', FORCE_NULL (t))",
                    jq.replace('\'', "''")
                )
            };
            let counts = database.psql(&format!(
                "TRUNCATE back;\n{script}\nSELECT count(*) FROM back;
                SELECT count(*) FROM (TABLE ev_old EXCEPT ALL TABLE back) d"
            ))?;
            ensure!(counts == "1000\n0", "{path}: {counts}");
        }
    }
    Ok(())
}

/// Whoever is cancelled or terminated while rows are read ends soon, and leaves no file.
#[test]
fn the_end_of_a_session_leaves_no_file() -> Outcome {
    let (database, folder) = with_storage("ended")?;
    database.psql("CREATE TABLE big AS SELECT g, md5(g::text) AS t FROM generate_series(1, 2000000) g")?;
    let call = "SELECT pgmeta_archive('big', 'cold', '{\"compression_level\": 19}')";
    let error = database.error("postgres", &format!("SET statement_timeout = '700ms'; {call}"))?;
    ensure!(error.contains("57014"), "{error}");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);

    let mut psql = pgmeta_e2e::server()?.program("psql");
    psql.args(["-qXAt", "-d", database.name(), "-c", call]).stdout(Stdio::null()).stderr(Stdio::null());
    let mut session = psql.spawn()?;
    let at_work = || -> Result<bool> {
        Ok(files(folder.path())?.iter().any(|path| path.extension().is_some_and(|end| end == "part")))
    };
    let begun = Instant::now();
    while !at_work()? {
        ensure!(begun.elapsed() < Duration::from_secs(30), "nothing is written");
        std::thread::sleep(Duration::from_millis(20));
    }
    let begun = Instant::now();
    database.psql(
        "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )?;
    ensure!(begun.elapsed() < Duration::from_secs(2), "it took {:?}", begun.elapsed());
    ensure!(!session.wait()?.success(), "the session has ended well");
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    let rows = database.psql("SELECT count(*) FROM pgmeta.archives")?;
    ensure!(rows == "0", "{rows}");
    Ok(())
}

/// Parent and partition differ in the numbers of their columns; some came later; some the server fills in itself.
#[test]
fn columns_that_drifted_come_back_by_name() -> Outcome {
    let (database, _folder) = with_storage("drift")?;
    database.psql(
        "CREATE TABLE ev (gone int, id int GENERATED ALWAYS AS IDENTITY, at date NOT NULL) PARTITION BY RANGE (at);
        CREATE TABLE ev_1 (at date NOT NULL, away text, id int NOT NULL, x int);
        ALTER TABLE ev_1 DROP COLUMN away; ALTER TABLE ev DROP COLUMN gone; ALTER TABLE ev_1 DROP COLUMN x;
        ALTER TABLE ev ATTACH PARTITION ev_1 FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
        INSERT INTO ev (at) SELECT '2024-01-01'::date + g % 20 FROM generate_series(1, 100) g;
        ALTER TABLE ev ADD COLUMN later text DEFAULT 'x', ADD COLUMN twice int GENERATED ALWAYS AS (2 * 21) STORED;
        CREATE TABLE before AS SELECT * FROM ev",
    )?;
    for format in ["jsonl", "csv", "binary", "parquet"] {
        let found = database.psql(&format!(
            "SELECT pgmeta_archive('ev_1', 'cold', '{{\"format\": \"{format}\", \"retire\": \"drop\"}}') AS id \\gset
            SELECT pgmeta_archive_restore(:id, '{{\"attach\": true}}');
            SELECT count(*) FROM (SELECT * FROM before EXCEPT ALL SELECT * FROM ev) d; SELECT count(*) FROM ev"
        ))?;
        ensure!(found == "ev_1\n0\n100", "{format}: {found}");
    }
    Ok(())
}

/// Text is in the database's encoding, whatever the client's is.
#[test]
fn other_encodings_come_back() -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    let server = pgmeta_e2e::server()?;
    let folder = tempfile::tempdir()?;
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
    let url = folder.path().display();
    server.psql("postgres", "DROP DATABASE IF EXISTS e2e_latin WITH (FORCE)")?;
    server.psql("postgres", "CREATE DATABASE e2e_latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0")?;
    for format in ["jsonl", "csv", "binary", "parquet"] {
        let found = server.psql(
            "e2e_latin",
            &format!(
                "SET client_min_messages = warning; SET client_encoding = 'UTF8'; CREATE EXTENSION IF NOT EXISTS pgmeta;
                DROP SERVER IF EXISTS cold; CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{url}');
                CREATE TABLE t (v text, a text[]); INSERT INTO t VALUES (U&'\\00e9t\\00e9', ARRAY[U&'\\00fc']);
                SELECT pgmeta_archive('t', 'cold', '{{\"format\": \"{format}\"}}') AS id \\gset
                SELECT status FROM pgmeta_archive_verify(:id) WHERE status <> 'ok';
                SELECT pgmeta_archive_restore(:id, '{{\"into\": \"public.back\"}}');
                SELECT v, a = ARRAY[U&'\\00fc'], octet_length(v) FROM back; DROP TABLE t, back"
            ),
        )?;
        ensure!(found == "back\nété|t|3", "{format}: {found}");
    }
    server.psql("postgres", "DROP DATABASE e2e_latin").map(drop)
}

/// A value that is too long as text is an error that says so, and is no trouble for COPY's binary format.
#[test]
fn long_values_take_the_binary_format() -> Outcome {
    let (database, folder) = with_storage("long")?;
    database.psql("CREATE TABLE t (v bytea); ALTER TABLE t ALTER v SET STORAGE EXTERNAL; INSERT INTO t SELECT decode(repeat('00', 260000000), 'hex')")?;
    for format in ["jsonl", "csv", "parquet"] {
        let call = format!("SELECT pgmeta_archive('t', 'cold', '{{\"format\": \"{format}\"}}')");
        let error = database.error("postgres", &call)?;
        ensure!(error.contains("54000") && error.contains("binary"), "{error}");
    }
    ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
    let found = database.psql(
        "SELECT pgmeta_archive('t', 'cold', '{\"format\": \"binary\", \"compression\": \"lz4\"}') AS id \\gset
        SELECT pgmeta_archive_restore(:id, '{\"into\": \"public.back\"}'); SELECT octet_length(v) FROM back",
    )?;
    ensure!(found == "back\n260000000", "{found}");
    Ok(())
}

/// What a decimal or a timestamp of Parquet cannot hold is text in that archive, and comes back.
#[test]
fn what_parquet_has_no_place_for_is_text() -> Outcome {
    let (database, _folder) = with_storage("unfit")?;
    database.psql(
        "CREATE TABLE t (id int, n numeric(12, 2), at timestamp); INSERT INTO t SELECT g, g, '2024-01-01' FROM generate_series(1, 1000) g;
        INSERT INTO t VALUES (1001, 'NaN', '294270-01-01')",
    )?;
    let found = database.psql(
        "SELECT pgmeta_archive('t', 'cold', '{\"format\": \"parquet\"}') AS id \\gset
        SELECT pgmeta_archive_restore(:id, '{\"into\": \"public.back\"}');
        SELECT count(*) FROM (SELECT * FROM t EXCEPT SELECT * FROM back) d; SELECT bool_and(equal) FROM pgmeta_archive_compare(:id)",
    )?;
    ensure!(found == "back\n0\nt", "{found}");
    Ok(())
}

/// A full disk is an error, and neither rows nor files are the worse for it.
#[test]
fn a_full_disk_loses_nothing() -> Outcome {
    let (database, folder) = with_storage("full")?;
    database.psql(TABLE)?;
    database.psql("INSERT INTO ev SELECT g, '2024-01-02', repeat(md5(g::text), 30) FROM generate_series(1, 4000) g")?;
    let mount = |program: &str, arguments: &[&str]| -> Outcome {
        let done = std::process::Command::new(program).args(arguments).arg(folder.path()).output()?;
        ensure!(done.status.success(), "{program}: {}", String::from_utf8_lossy(&done.stderr));
        Ok(())
    };
    mount("mount", &["-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs"])?;
    let call = |compression: &str| {
        format!(
            "SELECT pgmeta_archive('ev_old', 'cold', '{{\"compression\": \"{compression}\", \"retire\": \"drop\"}}')"
        )
    };
    let outcome = (|| {
        let error = database.error("postgres", &call("none"))?;
        ensure!(error.contains("53100") && error.contains("No space left"), "{error}");
        ensure!(files(folder.path())?.is_empty(), "{:?}", files(folder.path())?);
        let rows = database
            .psql(&format!("SELECT count(*) FROM ev_old; {}; SELECT rows FROM pgmeta.archives", call("zstd")))?;
        ensure!(rows == "5000\n1\n5000", "{rows}");
        Ok(())
    })();
    mount("umount", &[])?;
    outcome
}

/// What stands in a restore's way leaves nothing behind.
#[test]
fn a_restore_is_all_or_nothing() -> Outcome {
    let (database, _folder) = with_storage("restore")?;
    database.psql(TABLE)?;
    database.psql("SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}'); CREATE TABLE taken (x int)")?;
    let wrong = |call: &str, code: &str| -> Outcome {
        let error = database.error("postgres", &format!("SELECT pgmeta_archive_restore(1, '{call}')"))?;
        ensure!(error.contains(code), "{error}");
        let left = database.psql(
            "SELECT to_regclass('ev_old') IS NULL, to_regclass('back') IS NULL; SELECT state FROM pgmeta.archives",
        )?;
        ensure!(left == "t|t\nretired", "{left}");
        Ok(())
    };
    wrong("{\"into\": \"public.taken\"}", "42P07")?;
    wrong("{\"into\": \"back\"}", "22023")?;
    wrong("{\"into\": \"nowhere.back\"}", "3F000")?;
    wrong("{\"append\": true}", "22023")?;
    // A partition that has taken the place, and rows in DEFAULT that are of it.
    database.psql("CREATE TABLE ev_gap PARTITION OF ev FOR VALUES FROM ('2024-01-10') TO ('2024-01-20')")?;
    wrong("{\"attach\": true}", "42P17")?;
    database.psql("DROP TABLE ev_gap; CREATE TABLE ev_default PARTITION OF ev DEFAULT; INSERT INTO ev VALUES (0, '2024-01-15', 'late')")?;
    wrong("{\"attach\": true}", "23514")?;
    // A trigger of the parent's is not fired, a check of it holds.
    database.psql("DROP TABLE ev_default; ALTER TABLE ev ADD CHECK (id > 0); CREATE FUNCTION no() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
        CREATE TRIGGER no BEFORE INSERT ON ev FOR EACH ROW EXECUTE FUNCTION no()")?;
    let rows = database.psql("SELECT pgmeta_archive_restore(1, '{\"attach\": true}'); SELECT count(*) FROM ev")?;
    ensure!(rows == "ev_old\n1000", "{rows}");
    Ok(())
}
