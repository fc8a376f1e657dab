//! Other programs read a folder of archives: every row, every value, and the types documented in docs/storage.md. DuckDB
//! and pyarrow always; Spark, which takes a minute, in `make test-archives`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::archives::{data_file, with_storage};
use pgmeta_e2e::stores::tool;
use pgmeta_e2e::{Database, Outcome, repository};

const TABLE: &str = include_str!("../fixtures/every_type.sql");

/// The contents of the table, in the format of `read_parquet.py`.
const EXPECTED: &str = "SET TimeZone = 'UTC'; SET bytea_output = 'hex';
SELECT format('SELECT json_agg(e)::text FROM (SELECT %s FROM every) e', string_agg(format(CASE format_type(a.atttypid, NULL)
    WHEN 'date' THEN 'CASE WHEN isfinite(%1$I) THEN (%1$I - date ''1970-01-01'')::text WHEN %1$I > ''2000-01-01'' THEN ''2147483647'' WHEN %1$I IS NOT NULL THEN ''-2147483647'' END AS %1$I'
    WHEN 'timestamp without time zone' THEN 'CASE WHEN isfinite(%1$I) THEN trunc(extract(epoch FROM %1$I) * 1000000)::text WHEN %1$I > ''2000-01-01'' THEN ''9223372036854775807'' WHEN %1$I IS NOT NULL THEN ''-9223372036854775807'' END AS %1$I'
    WHEN 'timestamp with time zone' THEN 'CASE WHEN isfinite(%1$I) THEN trunc(extract(epoch FROM %1$I) * 1000000)::text WHEN %1$I > ''2000-01-01'' THEN ''9223372036854775807'' WHEN %1$I IS NOT NULL THEN ''-9223372036854775807'' END AS %1$I'
    ELSE 'CASE WHEN %1$I IS DISTINCT FROM NULL THEN format(''%%s'', %1$I) END AS %1$I' END, a.attname), ', ' ORDER BY a.attnum))
FROM pg_attribute a WHERE a.attrelid = 'every'::regclass AND a.attnum > 0 \\gexec";

/// Built-in types without a column in the table, except those without an input function.
const MISSING: &str = "SELECT t.typname FROM pg_type t WHERE t.typnamespace = 'pg_catalog'::regnamespace
    AND t.typtype IN ('b', 'r', 'm') AND (t.typcategory <> 'A' OR t.typname IN ('int2vector', 'oidvector'))
    AND t.typname !~ '^(pg_node_tree|pg_ndistinct|pg_dependencies|pg_mcv_list|pg_brin_.*|gtsvector|xml)$'
    AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = 'every'::regclass AND a.atttypid = t.oid) ORDER BY 1";

/// Returns a database with the table, and the folder of the archives of both partitions.
fn archived(label: &str, options: &str) -> Result<(Database<'static>, tempfile::TempDir)> {
    let (database, folder) = with_storage(label)?;
    database.psql(&format!("SET client_min_messages = warning; {TABLE}"))?;
    let missing = database.psql(MISSING)?;
    ensure!(missing.is_empty(), "no column of the types {missing}");
    if options.contains("native") {
        // Parquet's TIME cannot hold 24:00: the column would become text.
        database.psql("UPDATE every SET c_time = '00:00' WHERE c_time = '24:00'")?;
    }
    let archive = format!(
        "SELECT pgmeta_archive(p, 'cold', '{{\"format\": \"parquet\"{options}}}') FROM unnest('{{every_1,every_2}}'::regclass[]) p"
    );
    database.psql(&archive)?;
    Ok((database, folder))
}

/// Returns the program's version, and the type of each column. The program compares the values.
fn read_by(engine: &str, folder: &Path, expected: Option<&Path>) -> Result<(String, BTreeMap<String, String>)> {
    let python = tool(if engine == "spark" { "spark/bin/python" } else { "python/bin/python" })?;
    let script = repository().join("tests/e2e/fixtures/read_parquet.py");
    let mut command = Command::new(python);
    command.arg(script).arg(engine).arg(folder).args(expected);
    let read = command.output()?;
    ensure!(read.status.success(), "{engine}: {}", String::from_utf8_lossy(&read.stderr));
    let said = String::from_utf8(read.stdout)?;
    let mut lines = said.lines();
    let version = lines.next().context("nothing was read")?.to_owned();
    let types = lines.filter_map(|line| line.split_once(' ')).map(|(name, kind)| (name.to_owned(), kind.to_owned()));
    Ok((version, types.collect()))
}

/// The columns of the table in docs/storage.md with the types of each program.
const ENGINES: &[(&str, &str, usize)] = &[("duckdb", "DuckDB", 3), ("pyarrow", "pyarrow", 4), ("spark", "Spark", 5)];

/// Compares a program's types and version with the documents: rows of `type | in Parquet | DuckDB | pyarrow | Spark`.
fn as_documented(engine: &str, version: &str, types: &BTreeMap<String, String>, section: &str) -> Outcome {
    let document = fs::read_to_string(repository().join("docs/storage.md"))?;
    let (_, of) = document.split_once(section).with_context(|| format!("no {section}"))?;
    let of = of.split_once("\n#").map_or(of, |(of, _)| of);
    let (_, title, column) = ENGINES.iter().find(|(name, ..)| *name == engine).context("no such engine")?;
    ensure!(of.contains(&format!("{title} {version}")), "{section}: it is {title} {version}");
    let mut seen = 0;
    for row in of.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split('|').map(str::trim).collect();
        let said = cells.get(*column).context("a row without this engine")?.trim_matches('`');
        for name in cells[1].split(", ") {
            let name = name.trim_matches('`').replace([' ', '(', ','], "_").replace(')', "");
            let column = format!("c_{}", name.strip_suffix("_precision").unwrap_or(&name).replace("\"char\"", "char1"));
            let found = types.get(&column).with_context(|| format!("{section}: no column {column}"))?;
            ensure!(found == said, "{section}: {column} is {found} for {title} {version}, and {said} in the documents");
            seen += 1;
        }
    }
    ensure!(seen > 2, "{section} has {seen} types");
    Ok(())
}

fn portable(engines: &[&str], label: &str) -> Outcome {
    let (database, folder) = archived(label, "")?;
    let expected = tempfile::NamedTempFile::new()?;
    fs::write(expected.path(), database.psql(EXPECTED)?)?;
    for engine in engines {
        let (version, types) = read_by(engine, folder.path(), Some(expected.path()))?;
        as_documented(engine, &version, &types, "### Portable types")?;
        // Types that are not in the table are text.
        ensure!(types.get("c_tstzmultirange") == types.get("c_text"), "{types:?}");
    }
    Ok(())
}

#[test]
fn duckdb_and_pyarrow_read_every_type() -> Outcome {
    portable(&["duckdb", "pyarrow"], "readers")
}

#[test]
#[ignore = "takes Java and a minute: make test-archives"]
fn spark_reads_every_type() -> Outcome {
    portable(&["spark"], "spark")
}

#[test]
#[ignore = "takes Java and a minute: make test-archives"]
fn spark_rejects_native_types() -> Outcome {
    let (_database, folder) = archived("spark_native", ", \"parquet_types\": \"native\"")?;
    let error = read_by("spark", folder.path(), None).err().map(|error| error.to_string()).unwrap_or_default();
    ensure!(error.contains("PARQUET_TYPE_ILLEGAL") && error.contains("UUID"), "{error}");
    Ok(())
}

#[test]
fn native_types_match_the_documentation() -> Outcome {
    let (database, folder) = archived("native", ", \"parquet_types\": \"native\"")?;
    for engine in ["duckdb", "pyarrow"] {
        let (version, types) = read_by(engine, folder.path(), None)?;
        as_documented(engine, &version, &types, "### Native types")?;
    }
    let back = database.psql(
        "SELECT pgmeta_archive_restore(id, '{\"into\": \"public.back\"}') FROM pgmeta.archives WHERE partition = 'public.every_1';
        SELECT count(*) FROM (SELECT e::text FROM every_1 e EXCEPT ALL SELECT b::text FROM back b) d",
    )?;
    ensure!(back == "back\n0", "{back}");
    Ok(())
}

/// Columns whose names are often keys of folders keep their values.
#[test]
fn folder_keys_do_not_replace_columns() -> Outcome {
    let (database, folder) = with_storage("clash")?;
    database.psql(
        "CREATE TABLE m (day date, year int, month text, \"table\" int, schema text, date date) PARTITION BY RANGE (day);
        CREATE TABLE m_1 PARTITION OF m FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
        INSERT INTO m VALUES ('2024-01-05', 1999, 'may', 7, 'x', '2020-02-02');
        SELECT pgmeta_archive('m_1', 'cold', '{\"format\": \"parquet\"}')",
    )?;
    const READ: &str = "import sys, duckdb, pyarrow.parquet as pq
print(duckdb.sql(f\"SELECT CAST(t AS VARCHAR) FROM (SELECT day, year, month, 'table', schema, date FROM read_parquet('{sys.argv[1]}/**/*.parquet')) t\".replace(\"'table'\", '\"table\"')).fetchone()[0])
row = pq.read_table(sys.argv[1]).to_pylist()[0]
print(row['day'], row['year'], row['month'], row['table'], row['schema'], row['date'], row['pgmeta_date'])";
    let read = Command::new(tool("python/bin/python")?).args(["-c", READ]).arg(folder.path()).output()?;
    ensure!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let said = String::from_utf8(read.stdout)?;
    let (duckdb, pyarrow) = said.split_once('\n').context("two lines")?;
    for value in ["2024-01-05", "1999", "may", "7", "2020-02-02"] {
        ensure!(duckdb.contains(value) && pyarrow.contains(value), "{said}");
    }
    ensure!(pyarrow.trim_end().ends_with("2024-01-01"), "{said}");
    Ok(())
}

/// A column has the same field ID in all partitions; files contain statistics and PostgreSQL's types.
#[test]
fn files_have_field_ids_and_statistics() -> Outcome {
    let (database, folder) = archived("fields", "")?;
    const READ: &str = "import sys, glob, pyarrow.parquet as pq
for name in sorted(glob.glob(sys.argv[1] + '/**/*.parquet', recursive=True)):
    file = pq.ParquetFile(name)
    print(' '.join(f\"{field.name}={field.metadata[b'PARQUET:field_id'].decode()}\" for field in file.schema_arrow))
    assert file.metadata.metadata[b'pgmeta.type.c_numeric'] == b'numeric'
    assert file.metadata.row_group(0).column(2).statistics.has_min_max";
    let read = Command::new(tool("python/bin/python")?).args(["-c", READ]).arg(folder.path()).output()?;
    ensure!(read.status.success(), "{}", String::from_utf8_lossy(&read.stderr));
    let said = String::from_utf8(read.stdout)?;
    let expected = database.psql(
        "SELECT string_agg(attname || '=' || attnum, ' ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'every'::regclass AND attnum > 0",
    )?;
    ensure!(said == format!("{expected}\n{expected}\n"), "{said}\n{expected}");
    Ok(())
}

/// Text and names are UTF-8 in formats that other programs read, whatever the database's encoding.
#[test]
fn text_from_other_encodings_is_stored_as_utf8() -> Outcome {
    use std::os::unix::fs::PermissionsExt;
    const READ: &str = "import sys, duckdb, pyarrow.parquet as pq
print(duckdb.sql(f\"SELECT * FROM read_parquet('{sys.argv[1]}/*.parquet')\").fetchone()[0], pq.read_table(sys.argv[1]).to_pydict())";
    let own = pgmeta_e2e::server()?.start()?;
    for encoding in ["LATIN1", "SQL_ASCII"] {
        let database = Database::create_in(&own, &format!("utf8_{}", encoding.to_lowercase()), encoding)?;
        let folder = tempfile::tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o777))?;
        database.psql(&format!(
            "SET client_min_messages = warning; CREATE EXTENSION pgmeta;
            CREATE SERVER cold FOREIGN DATA WRAPPER pgmeta_storage OPTIONS (url 'file://{}');
            CREATE TABLE ev (\"é\" text); INSERT INTO ev VALUES ('Müller'); CREATE TABLE bad (t text)",
            folder.path().display()
        ))?;
        for format in ["parquet", "jsonl", "csv"] {
            let options =
                format!("{{\"format\": \"{format}\", \"compression\": \"none\", \"path_template\": \"{format}\"}}");
            database.psql(&format!("SELECT pgmeta_archive('ev', 'cold', '{options}')"))?;
        }
        let read =
            Command::new(tool("python/bin/python")?).args(["-c", READ]).arg(folder.path().join("parquet")).output()?;
        ensure!(read.status.success(), "{encoding}: {}", String::from_utf8_lossy(&read.stderr));
        let said = String::from_utf8(read.stdout)?;
        ensure!(said == "Müller {'é': ['Müller']}\n", "{encoding}: {said}");
        for (format, line) in [("jsonl", "{\"é\":\"Müller\"}\n"), ("csv", "Müller\n")] {
            let found = fs::read_to_string(data_file(&folder.path().join(format))?)?;
            ensure!(found == line, "{encoding} {format}: {found}");
        }
        if encoding == "SQL_ASCII" {
            database.psql("DO $$ BEGIN EXECUTE format('INSERT INTO bad VALUES (%L)', E'M\\xfcller'); END $$")?;
            for format in ["parquet", "jsonl", "csv"] {
                let call = format!("SELECT pgmeta_archive('bad', 'cold', '{{\"format\": \"{format}\"}}')");
                let error = database.error("postgres", &call)?;
                ensure!(error.contains("22021") && error.contains("binary"), "{format}: {error}");
            }
            let kept = database.psql("SELECT pgmeta_archive('bad', 'cold', '{\"format\": \"binary\"}') > 0")?;
            ensure!(kept == "t", "{kept}");
        }
    }
    Ok(())
}
