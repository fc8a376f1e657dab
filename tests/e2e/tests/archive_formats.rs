//! The contents of archives: every value of every type is restored unchanged, and each format equals that of other
//! programs.

use std::fs;
use std::path::Path;

use anyhow::{Result, ensure};
use pgmeta_e2e::archives::{TABLE, data_file, files, with_storage};
use pgmeta_e2e::{Database, Outcome};

/// Values of every built-in type that a column can have, including unusual ones.
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
    // A domain replaces a type with an unusual name.
    Ok(format!("CREATE DOMAIN \"Odd \"\"name\"\"\" AS text;\n{types}"))
}

#[test]
fn every_type_is_restored_unchanged() -> Outcome {
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
            // The server's receive function rejects the binary form of an empty tsquery.
            let archive = "SELECT pgmeta_archive('types', 'cold', '{\"format\": \"binary\"}')";
            let error = database.error("postgres", archive)?;
            ensure!(error.contains("0A000") && error.contains("column c40"), "{error}");
            database.psql("UPDATE types SET c40 = NULL WHERE numnode(c40) = 0")?;
        }
        // The caller's settings must not matter.
        let archive = format!(
            "SET DateStyle = 'German'; SET IntervalStyle = 'sql_standard'; SET TimeZone = 'America/New_York';
            SET extra_float_digits = 0; SET bytea_output = 'escape';
            SELECT pgmeta_archive('types', 'cold', '{{\"format\": \"{format}\", \"compression\": \"{compression}\"}}') AS id \\gset
            SELECT pgmeta_archive_restore(:id, '{{\"into\": \"public.back\"}}');"
        );
        database.psql(&archive)?;
        // Not all types have comparison operators: their text is compared.
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
fn csv_and_binary_files_equal_the_output_of_copy() -> Outcome {
    let (database, folder) = with_storage("bytes")?;
    database.psql(&types()?)?;
    database.psql("UPDATE types SET c40 = NULL WHERE numnode(c40) = 0")?;
    same_as_the_server(&database, folder.path(), "types", &["csv", "binary"])
}

/// Compares the archives of a table with COPY's output, and JSONL with that of `row_to_json`.
fn same_as_the_server(database: &Database<'_>, folder: &Path, table: &str, formats: &[&str]) -> Outcome {
    let copy = format!("{}/copy", folder.display());
    for format in formats {
        let (row, options) = match *format {
            "jsonl" => ("row_to_json(t)::text", "(FORMAT csv, QUOTE E'\\x01', DELIMITER E'\\x02')"),
            format => ("*", &*format!("(FORMAT {format})")),
        };
        database.psql(&format!(
            "SET TimeZone = 'UTC'; SET extra_float_digits = 3;
            COPY (SELECT {row} FROM {table} t) TO '{copy}' {options};
            SELECT pgmeta_archive('{table}', 'cold', '{{\"format\": \"{format}\", \"compression\": \"none\", \"path_template\": \"{format}\"}}')"
        ))?;
        let found = fs::read(data_file(&folder.join(format))?)?;
        let expected = fs::read(&copy)?;
        ensure!(found == expected, "{format} differs{}", first_difference(&found, &expected));
    }
    Ok(())
}

/// Each rule of docs/jsonl.md, with a value for it.
#[test]
fn jsonl_files_follow_the_documented_rules() -> Outcome {
    let (database, folder) = with_storage("lines")?;
    let values = [
        ("true::bool", "true"),
        ("12::int8", "12"),
        ("1.50::numeric", "1.50"),
        ("'NaN'::numeric", r#""NaN""#),
        ("0.1::float8", "0.1"),
        ("'-Infinity'::float4", r#""-Infinity""#),
        ("'a\"b'::text", r#""a\"b""#),
        ("'\\x00ff'::bytea", r#""\\x00ff""#),
        ("'2024-02-29'::date", r#""2024-02-29""#),
        ("'2024-02-29 12:00+02'::timestamptz", r#""2024-02-29T10:00:00+00:00""#),
        ("'infinity'::timestamp", r#""infinity""#),
        ("'{\"a\": 1}'::json", r#"{"a": 1}"#),
        ("E'{\"a\":\n1}'::json", r#""{\"a\":\n1}""#),
        ("'\"s\"'::jsonb", r#""\"s\"""#),
        ("'null'::jsonb", r#""null""#),
        ("NULL::jsonb", "null"),
        ("'[1, null]'::jsonb", "[1, null]"),
        ("ARRAY[1, NULL, 2]", "[1,null,2]"),
        ("ARRAY[[1, 2], [3, 4]]", "[[1,2],[3,4]]"),
        ("'[0:1]={1,2}'::int[]", r#""[0:1]={1,2}""#),
        ("ARRAY[true, false]", "[true,false]"),
        ("ARRAY['a', NULL, 'NULL', '']", r#"["a",null,"NULL",""]"#),
        ("ARRAY['null', NULL, '[1]']::jsonb[]", r#"["null",null,[1]]"#),
        ("'{}'::text[]", "[]"),
        ("'[1,3)'::int4range", r#""[1,3)""#),
        ("'1 day'::interval", r#""1 day""#),
        ("ROW(1, 'x')::pair", r#""(1,x)""#),
        ("'1 2'::int2vector", r#""1 2""#),
    ];
    let columns: Vec<String> = values.iter().enumerate().map(|(at, (value, _))| format!("{value} AS c{at}")).collect();
    database.psql(&format!(
        "SET TimeZone = 'UTC'; CREATE TYPE pair AS (a int, b text); CREATE TABLE rules AS SELECT {};
        SELECT pgmeta_archive('rules', 'cold', '{{\"compression\": \"none\"}}')",
        columns.join(", ")
    ))?;
    let found = fs::read_to_string(data_file(folder.path())?)?;
    let expected: Vec<String> = values.iter().enumerate().map(|(at, (_, json))| format!("\"c{at}\":{json}")).collect();
    ensure!(found == format!("{{{}}}\n", expected.join(",")), "{found}");
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
    same_as_the_server(&database, folder.path(), "types", &["csv", "binary", "jsonl"])
}

/// pgmeta also prints numeric and jsonb, from the server's internal format, in every size and depth.
#[test]
fn numeric_and_jsonb_are_printed_as_the_server_does() -> Outcome {
    let (database, folder) = with_storage("kept")?;
    database.psql(
        "SELECT setseed(0.42);
        CREATE FUNCTION number() RETURNS numeric VOLATILE LANGUAGE sql AS $$ SELECT round((random() - 0.5)::numeric
            * 10::numeric ^ (random() * 80 - 40)::int + (random() < 0.1)::int * random()::numeric * 10::numeric ^ (random() * 500)::int, (random() * 40)::int) $$;
        CREATE FUNCTION word() RETURNS text VOLATILE LANGUAGE sql AS $$ SELECT string_agg(chr((random() * 90)::int + 1
            + (random() < 0.05)::int * 20000), '') FROM generate_series(0, (random() * 40)::int) $$;
        CREATE TABLE types AS SELECT number() AS n, number() * 10::numeric ^ -90 AS small, number() * 1e300 AS big,
            (random() * 1e6)::numeric(12, 3) AS scaled, trunc(number()) AS whole, NULL::jsonb AS j FROM generate_series(1, 20000);
        INSERT INTO types (n) SELECT unnest('{NaN,Infinity,-Infinity,0,0.000,-0.1,1e16383,1e-16383,10000,0.0001}'::numeric[]);
        INSERT INTO types (j) SELECT CASE g % 6 WHEN 0 THEN to_jsonb(number()) WHEN 1 THEN to_jsonb(word()) WHEN 2 THEN jsonb_build_object(word(), number(), word(), g % 4 = 0, '', word())
                WHEN 3 THEN (SELECT jsonb_agg(CASE WHEN x % 3 = 0 THEN to_jsonb(word()) WHEN x % 3 = 1 THEN to_jsonb(number()) END) FROM generate_series(0, g % 200) x)
                WHEN 4 THEN (SELECT jsonb_object_agg(word() || x, CASE WHEN x % 2 = 0 THEN jsonb_build_array(x, jsonb_build_object('k', word(), 'l', '{}'::jsonb)) ELSE to_jsonb(number()) END) FROM generate_series(0, g % 150) x)
                ELSE jsonb_build_array(jsonb_build_array(), g, jsonb_build_array(NULL, jsonb_build_object('a', jsonb_build_array(word(), true)))) END
            FROM generate_series(1, 3000) g;
        INSERT INTO types (j) SELECT unnest(ARRAY['{}', '[]', 'true', '\"\"', '0', '[null]', '{\"\": {\"\": []}}', repeat('[', 3000) || repeat(']', 3000)]::jsonb[]);
        DELETE FROM types WHERE j = 'null'",
    )?;
    same_as_the_server(&database, folder.path(), "types", &["csv", "binary"])?;
    // JSON strings have another form in a line.
    database.psql("DELETE FROM types WHERE jsonb_typeof(j) = 'string'")?;
    same_as_the_server(&database, folder.path(), "types", &["jsonl"])
}

fn first_difference(found: &[u8], expected: &[u8]) -> String {
    let at = found.iter().zip(expected).position(|(found, expected)| found != expected).unwrap_or(0);
    let near =
        |bytes: &[u8]| String::from_utf8_lossy(&bytes[at.saturating_sub(60)..(at + 60).min(bytes.len())]).into_owned();
    format!(" at {at}:\n{}\n{}", near(found), near(expected))
}

/// A value that its type's input function rejects is an error that names the column; no file of the attempt remains.
#[test]
fn unrestorable_values_are_errors_with_their_column() -> Outcome {
    let (database, folder) = with_storage("no_way_back")?;
    database.psql(
        "CREATE DOMAIN small AS int; CREATE TABLE refused (id int, \"no way\" small);
        INSERT INTO refused SELECT g, g FROM generate_series(1, 50000) g;
        ALTER DOMAIN small ADD CHECK (VALUE < 50000) NOT VALID;
        CREATE DOMAIN there AS text; CREATE TABLE missing (id int, d there); INSERT INTO missing VALUES (1, NULL);
        ALTER DOMAIN there ADD CONSTRAINT filled CHECK (VALUE IS NOT NULL) NOT VALID",
    )?;
    for (table, column) in [("refused", "\"no way\""), ("missing", "d")] {
        for format in ["jsonl", "csv", "parquet", "binary"] {
            let error = database.error(
                "postgres",
                &format!("SELECT pgmeta_archive('{table}', 'cold', '{{\"format\": \"{format}\"}}')"),
            )?;
            let expected = format!("column {column} of public.{table} contains a value that could not be restored");
            ensure!(error.contains("0A000") && error.contains(&expected), "{format}: {error}");
            ensure!(files(folder.path())?.is_empty(), "a call that failed has left files: {:?}", files(folder.path())?);
        }
    }
    Ok(())
}

/// A check that calls a function without a schema needs a search_path, which only a role with the rights of the table's
/// owner may pass.
#[test]
fn the_option_search_path_applies_to_functions_of_types() -> Outcome {
    let (database, _folder) = with_storage("type_path")?;
    pgmeta_e2e::server()?.psql("postgres", "DROP ROLE IF EXISTS e2e_path_reader; CREATE ROLE e2e_path_reader LOGIN")?;
    database.psql(
        "CREATE SCHEMA own; SET search_path = own, public;
        CREATE FUNCTION own.rest(int) RETURNS int LANGUAGE sql AS 'SELECT $1 % 2';
        CREATE FUNCTION own.is_even(int) RETURNS bool LANGUAGE plpgsql AS 'BEGIN RETURN rest($1) = 0; END';
        CREATE DOMAIN own.even AS int CHECK (is_even(VALUE)); CREATE TABLE public.numbers (e own.even); INSERT INTO numbers VALUES (2), (4);
        GRANT pgmeta_archive_operator TO e2e_path_reader; GRANT USAGE ON FOREIGN SERVER cold TO e2e_path_reader;
        GRANT pg_write_server_files, pg_read_server_files TO e2e_path_reader; GRANT SELECT ON numbers TO e2e_path_reader",
    )?;
    for format in ["jsonl", "csv", "parquet", "binary"] {
        let archive =
            |more: &str| format!("SELECT pgmeta_archive('numbers', 'cold', '{{\"format\": \"{format}\"{more}}}')");
        let error = database.error("postgres", &archive(""))?;
        ensure!(error.contains("0A000") && error.contains("column e") && error.contains("search_path"), "{error}");
        let error = database.error("e2e_path_reader", &archive(", \"search_path\": \"own\""))?;
        ensure!(error.contains("42501"), "{error}");
        let id = database.psql(&archive(", \"search_path\": \"own\""))?;
        let back = database.psql(&format!(
            "SELECT pgmeta_archive_restore({id}, '{{\"into\": \"public.back\", \"search_path\": \"own\"}}') AS back \\gset
            SELECT string_agg(e::text, ',' ORDER BY e) FROM back; DROP TABLE back"
        ))?;
        ensure!(back == "2,4", "{format}: {back}");
    }
    Ok(())
}

/// Binary archives of pgmeta 0.1.0 can be restored, unless they contain OIDs of user-defined types.
#[test]
fn binary_archives_of_0_1_0_are_restored() -> Outcome {
    let (database, folder) = with_storage("first")?;
    let fixture = pgmeta_e2e::repository().join("tests/fixtures/archives_0_1_0");
    let copied = std::process::Command::new("cp").arg("-r").arg(fixture.join("binary")).arg(folder.path()).status()?;
    ensure!(copied.success(), "could not copy the fixture");
    database.run_script(&fixture.join("table.sql"))?;
    let columns = "id, at, t, n, m, p, d, j::text, b, i, a, f, y, r";
    let found = database.psql(&format!(
        "SELECT archive FROM pgmeta_archive_adopt('cold') WHERE action = 'adopted' \\gset
        SELECT pgmeta_archive_restore(:archive, '{{\"into\": \"public.back\"}}') AS back \\gset
        SELECT count(*) FROM ((SELECT ROW({columns})::text FROM old) EXCEPT ALL (SELECT ROW({columns})::text FROM back)) d;
        SELECT count(*) FROM back"
    ))?;
    ensure!(found == "0\n50", "{found}");
    Ok(())
}

/// The number of rows of a table without columns is restored, if the format stores it.
#[test]
fn rows_without_columns_are_restored() -> Outcome {
    let (database, folder) = with_storage("no_columns")?;
    database.psql("CREATE TABLE nothing (); INSERT INTO nothing SELECT FROM generate_series(1, 3)")?;
    let error = database.error("postgres", "SELECT pgmeta_archive('nothing', 'cold', '{\"format\": \"parquet\"}')")?;
    ensure!(error.contains("0A000") && files(folder.path())?.is_empty(), "{error}");
    for format in ["jsonl", "csv", "binary"] {
        let found = database.psql(&format!(
            "SELECT pgmeta_archive('nothing', 'cold', '{{\"format\": \"{format}\"}}') AS id \\gset
            SELECT pgmeta_archive_restore(:id, '{{\"into\": \"public.back\"}}') AS back \\gset
            SELECT count(*) FROM back; DROP TABLE back"
        ))?;
        ensure!(found == "3", "{format}: {found}");
    }
    Ok(())
}

/// Transactions with an archive cannot be prepared: the files would be deleted if the session's next transaction fails.
#[test]
fn a_transaction_with_an_archive_cannot_be_prepared() -> Outcome {
    let (database, folder) = with_storage("prepared")?;
    database.psql(TABLE)?;
    let archive = "SELECT pgmeta_archive('ev_old', 'cold', '{\"retire\": \"drop\"}')";
    let error = database.error("postgres", &format!("BEGIN; {archive}; PREPARE TRANSACTION 'archived'"))?;
    ensure!(error.contains("0A000") && error.contains("cannot PREPARE"), "{error}");
    ensure!(files(folder.path())?.is_empty(), "files are left");
    ensure!(database.psql("SELECT count(*) FROM ev_old")? == "1000", "rows are gone");
    // The expected error is that prepared transactions are disabled here: the rolled back archive does not matter.
    let undone = format!("BEGIN; SAVEPOINT s; {archive}; ROLLBACK TO s; PREPARE TRANSACTION 'undone'");
    let error = database.error("postgres", &undone)?;
    ensure!(error.contains("55000"), "{error}");
    Ok(())
}

/// The number of compressing threads does not change a file.
#[test]
fn the_number_of_threads_does_not_change_files() -> Outcome {
    let (database, _folder) = with_storage("threads")?;
    database.psql("CREATE TABLE t AS SELECT g, md5(g::text) FROM generate_series(1, 200000) g")?;
    for threads in ["-1", "1", "2", "7"] {
        database
            .psql(&format!("SET pgmeta.archive_compress_threads = {threads}; SELECT pgmeta_archive('t', 'cold')"))?;
    }
    let files =
        database.psql("SELECT count(*), count(DISTINCT sha256), min(bytes) > 1000000 FROM pgmeta.archive_files")?;
    ensure!(files == "4|1|t", "{files}");
    Ok(())
}

/// Files can be read without pgmeta.
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

/// Parent and partition have different attribute numbers; some columns are newer, some are generated.
#[test]
fn columns_are_restored_by_name_despite_other_numbers() -> Outcome {
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
fn archives_of_other_encodings_are_restored() -> Outcome {
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
                SET pgmeta.allow_orphans = on; DROP SERVER IF EXISTS cold; CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{url}');
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

/// A value that is too long as text is an error with this reason. COPY's binary format can represent it.
#[test]
fn long_values_require_the_binary_format() -> Outcome {
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

/// A value that a decimal or timestamp of Parquet cannot hold is stored as text and restored.
#[test]
fn values_that_parquet_cannot_hold_are_stored_as_text() -> Outcome {
    let (database, _folder) = with_storage("unfit")?;
    database.psql(
        "CREATE TABLE t (id int, n numeric(12, 2), at timestamp); INSERT INTO t SELECT g, g, '2024-01-01' FROM generate_series(1, 1000) g;
        INSERT INTO t VALUES (1001, 'NaN', '294270-01-01'); ALTER TABLE t ADD ti time DEFAULT '24:00'",
    )?;
    let found = database.psql(
        "SELECT pgmeta_archive('t', 'cold', '{\"format\": \"parquet\", \"parquet_types\": \"native\"}') AS id \\gset
        SELECT pgmeta_archive_restore(:id, '{\"into\": \"public.back\"}');
        SELECT count(*) FROM (SELECT * FROM t EXCEPT SELECT * FROM back) d; SELECT bool_and(equal) FROM pgmeta_archive_compare(:id)",
    )?;
    ensure!(found == "back\n0\nt", "{found}");
    Ok(())
}
