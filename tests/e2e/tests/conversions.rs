//! Compares the claims of plans about conversions with the server: every pair of types, with values that are difficult. No
//! value changes without the hazard CORRECTNESS, and no claim of a rewrite or a failure is wrong, in either direction. Also
//! the option `using` and the column `values_changed`.

use std::collections::BTreeSet;
use std::fs;

use anyhow::{Context, Result, bail, ensure};
use pgmeta_core::plan::{Hazard, known_casts};
use pgmeta_e2e::{Database, Outcome, repository, server};
use serde_json::{Value, json};

/// Types, and the expressions for their values if these come from another type.
const TYPES: &[(&str, &str)] = &[
    ("smallint", ""),
    ("integer", ""),
    ("bigint", ""),
    ("numeric", ""),
    ("numeric(4,0)", "numeric"),
    ("numeric(10,2)", "numeric"),
    ("numeric(12,2)", "numeric"),
    ("numeric(12,4)", "numeric"),
    ("real", ""),
    ("double precision", ""),
    ("money", ""),
    ("boolean", ""),
    ("\"char\"", ""),
    ("text", ""),
    ("character varying", ""),
    ("character varying(5)", "character varying"),
    ("character varying(20)", "character varying"),
    ("bpchar", "character"),
    ("character(5)", "character"),
    ("character(20)", "character"),
    ("name", ""),
    ("bytea", ""),
    ("date", ""),
    ("time without time zone", ""),
    ("time(0) without time zone", "time without time zone"),
    ("time with time zone", ""),
    ("timestamp without time zone", ""),
    ("timestamp(0) without time zone", "timestamp without time zone"),
    ("timestamp(3) without time zone", "timestamp without time zone"),
    ("timestamp with time zone", ""),
    ("timestamp(0) with time zone", "timestamp with time zone"),
    ("interval", ""),
    ("interval(0)", "interval"),
    ("interval year to month", "interval"),
    ("uuid", ""),
    ("inet", ""),
    ("cidr", ""),
    ("macaddr", ""),
    ("macaddr8", ""),
    ("\"bit\"", "bit"),
    ("bit(4)", "bit"),
    ("bit(8)", "bit"),
    ("bit(32)", "bit"),
    ("bit varying", ""),
    ("bit varying(4)", "bit varying"),
    ("bit varying(20)", "bit varying"),
    ("json", ""),
    ("jsonb", ""),
    ("xml", ""),
    ("oid", ""),
    ("regclass", ""),
    ("regtype", ""),
    ("regproc", ""),
    ("xid", ""),
    ("xid8", ""),
    ("tid", ""),
    ("pg_lsn", ""),
    ("point", ""),
    ("box", ""),
    ("circle", ""),
    ("lseg", ""),
    ("line", ""),
    ("path", ""),
    ("polygon", ""),
    ("int4range", ""),
    ("int4multirange", ""),
    ("tsrange", ""),
    ("tsvector", ""),
    ("integer[]", ""),
    ("bigint[]", ""),
    ("text[]", ""),
    ("character varying[]", ""),
    ("character varying(5)[]", "character varying[]"),
    ("character varying(20)[]", "character varying[]"),
    ("numeric(10,2)[]", "numeric[]"),
    ("bit(4)[]", "bit[]"),
    ("bit(8)[]", "bit[]"),
    ("s.short", "character varying"),
    ("s.long", "text"),
    ("s.checked", "text"),
    ("s.number", "integer"),
    ("s.bits", "bit"),
    ("s.shorts", "character varying[]"),
    ("s.e", ""),
    ("s.few", ""),
];

const OWN_TYPES: &str = "CREATE SCHEMA s;
CREATE DOMAIN s.short AS character varying(5); CREATE DOMAIN s.long AS text; CREATE DOMAIN s.checked AS text CHECK (length(VALUE) < 50);
CREATE DOMAIN s.number AS integer; CREATE DOMAIN s.bits AS bit(8); CREATE DOMAIN s.shorts AS character varying(5)[];
CREATE TYPE s.e AS ENUM ('a', 'b'); CREATE TYPE s.few AS ENUM ('a');";

/// Pairs for which the values above show only some of the effects.
const SHOWN_BY_NO_VALUE: &[(&str, &str, &str)] = &[
    // Inner blanks would be lost, but values of five characters are too short to have any.
    ("character varying(5)", "tid", "loses nothing"),
    ("character(5)", "tid", "loses nothing"),
    ("character(5)", "regclass", "loses nothing"),
    ("character(5)", "regproc", "loses nothing"),
    ("character(5)", "regtype", "loses nothing"),
    ("s.short", "tid", "loses nothing"),
];

/// Returns a snapshot of tables with one column each.
fn snapshot(types: &Value, data_types: &[&str]) -> Value {
    let mut snapshot = types.clone();
    let table = |(at, data_type): (usize, &&str)| json!({"schema": "s", "name": format!("t{at:05}"), "columns": [{"name": "c", "data_type": data_type}]});
    snapshot["tables"] = data_types.iter().enumerate().map(table).collect();
    snapshot
}

fn literal(value: &Value) -> String {
    format!("'{}'", value.to_string().replace('\'', "''"))
}

#[test]
fn claims_are_true_for_every_pair_of_types() -> Outcome {
    let database = Database::with_pgmeta("claims")?;
    let read = |name: &str| fs::read_to_string(repository().join("tests/e2e/tests/conversions").join(name));
    database.psql(&format!("{OWN_TYPES}\n{}\n{}", read("values.sql")?, read("judge.sql")?))?;
    let pairs: Vec<(&str, &str)> = TYPES
        .iter()
        .flat_map(|source| TYPES.iter().map(move |target| (source.0, target.0)))
        .filter(|(source, target)| source != target)
        .collect();
    let types: Value = serde_json::from_str(&database.psql("SELECT pgmeta_snapshot('s')")?)?;
    let side = |pick: fn(&(&'static str, &'static str)) -> &'static str| {
        literal(&snapshot(&types, &pairs.iter().map(pick).collect::<Vec<_>>()))
    };
    let mut script = String::from("SET client_min_messages = error;\n");
    for (source, family) in TYPES {
        let family = if family.is_empty() { source } else { family };
        script += &format!("SELECT prepare('{source}', '{family}');\n");
    }
    script += &format!(
        "INSERT INTO claims SELECT split_part(identity, '.', 2), '', '', statement, hazards, reason FROM pgmeta_plan({}, {});\n",
        side(|pair| pair.0),
        side(|pair| pair.1)
    );
    script += "CREATE TABLE pairs (name text, source text, target text);\nINSERT INTO pairs VALUES\n";
    let rows = pairs.iter().enumerate().map(|(at, (source, target))| format!("('t{at:05}', '{source}', '{target}')"));
    script += &rows.collect::<Vec<_>>().join(",\n");
    script += ";\nUPDATE claims SET source = pairs.source, target = pairs.target FROM pairs WHERE pairs.name = claims.name;\n";
    // In UTC, the server does not rewrite timestamps when it adds the time zone.
    script += "SET TimeZone = 'America/New_York'; SET search_path = pg_catalog, public;\n";
    // Each in a separate transaction: one transaction would hold too many locks.
    script += "SELECT format('SELECT judge(claims) FROM claims WHERE name = %L', name) FROM claims \\gexec\n";
    database.psql(&format!("\\o /dev/null\n{script}"))?;
    let planned = database.psql("SELECT count(*) FROM claims")?;
    ensure!(planned == pairs.len().to_string(), "{planned} statements for {} pairs", pairs.len());
    let verdicts = database
        .psql("SELECT source || '|' || target || '|' || verdict || '|' || statement FROM verdicts ORDER BY 1")?;
    // A server without libxml has no xml values.
    let has_xml = database.run_as("postgres", "SELECT '<a/>'::xml")?.ok;
    let known = |line: &&str| {
        (has_xml || !line.starts_with("xml|"))
            && !SHOWN_BY_NO_VALUE
                .iter()
                .any(|(source, target, verdict)| line.starts_with(&format!("{source}|{target}|{verdict}")))
    };
    let wrong: Vec<&str> = verdicts.lines().filter(known).collect();
    ensure!(wrong.is_empty(), "{} wrong claims:\n{}", wrong.len(), wrong.join("\n"));
    Ok(())
}

/// The planner's table of casts equals the server's.
#[test]
fn known_casts_equal_those_of_the_server() -> Outcome {
    let major = server()?.major()?;
    let database = Database::create("casts")?;
    let all = database.psql(
        "SELECT castsource::regtype, casttarget::regtype, CASE castcontext WHEN 'e' THEN 'Explicit' WHEN 'a' THEN 'Assignment' ELSE 'Implicit' END
         FROM pg_cast WHERE castsource <> casttarget AND NOT EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_cast'::regclass AND objid = pg_cast.oid)",
    )?;
    let servers: BTreeSet<String> = all.lines().map(str::to_owned).collect();
    let ours: BTreeSet<String> = known_casts(major)
        .filter(|(source, target, _)| !source.contains('.') && !target.contains('.'))
        .map(|(source, target, context)| format!("{source}|{target}|{context:?}"))
        .collect();
    let differ: Vec<&String> = servers.symmetric_difference(&ours).collect();
    ensure!(differ.is_empty(), "{differ:?}");
    Ok(())
}

/// Casts of extensions, if these are installed here.
#[test]
fn known_casts_of_extensions_equal_theirs() -> Outcome {
    let major = server()?.major()?;
    let database = Database::create("extension_casts")?;
    let names = "'citext', 'hstore', 'isn'";
    let installed = database.psql(&format!("SELECT count(*) FROM pg_available_extensions WHERE name IN ({names})"))?;
    if installed != "3" {
        println!("skipped: this installation has no contrib");
        return Ok(());
    }
    database.psql("CREATE EXTENSION citext; CREATE EXTENSION hstore; CREATE EXTENSION isn")?;
    let of = |column: &str| {
        format!(
            "(SELECT COALESCE(e.extname || '.', '') || format_type({column}, NULL) FROM pg_type t LEFT JOIN pg_depend d
               ON d.classid = 'pg_type'::regclass AND d.objid = t.oid AND d.deptype = 'e' LEFT JOIN pg_extension e ON e.oid = d.refobjid WHERE t.oid = {column})"
        )
    };
    let all = database.psql(&format!(
        "SELECT {}, {}, CASE castcontext WHEN 'e' THEN 'Explicit' WHEN 'a' THEN 'Assignment' ELSE 'Implicit' END FROM pg_cast
         WHERE EXISTS (SELECT FROM pg_depend WHERE classid = 'pg_cast'::regclass AND objid = pg_cast.oid AND deptype = 'e')",
        of("castsource"),
        of("casttarget")
    ))?;
    let servers: BTreeSet<String> = all.lines().map(str::to_owned).collect();
    let ours: BTreeSet<String> = known_casts(major)
        .filter(|(source, target, _)| source.contains('.') || target.contains('.'))
        .map(|(source, target, context)| format!("{source}|{target}|{context:?}"))
        .collect();
    let differ: Vec<&String> = servers.symmetric_difference(&ours).collect();
    ensure!(differ.is_empty(), "{differ:?}");
    Ok(())
}

/// Runs a rehearsal that changes a table's column; returns its rows.
fn rehearse(old: &str, new: &str, options: &str) -> Result<Vec<Value>> {
    let database = Database::with_pgmeta("changed")?;
    let target =
        database.psql(&format!("BEGIN;\nCREATE SCHEMA s;\n{new};\nSELECT pgmeta_snapshot('s');\nROLLBACK;"))?;
    database.psql(&format!("CREATE SCHEMA s;\n{old};"))?;
    let words: Vec<&str> = Hazard::ALL.iter().map(|hazard| hazard.word()).collect();
    let all = json!({"schemas": ["s"], "concurrently": false, "allow_hazards": words});
    let mut options: Value = serde_json::from_str(options)?;
    options.as_object_mut().context("options")?.extend(all.as_object().cloned().unwrap_or_default());
    let target = format!("'{}'", target.trim_end().replace('\'', "''"));
    let rows = database.psql(&format!(
        "SELECT json_agg(r ORDER BY step) FROM pgmeta_rehearse({target}, {}) AS r",
        literal(&options)
    ))?;
    let rows: Vec<Value> = serde_json::from_str(&rows)?;
    if rows.iter().all(|row| row["error"].is_null()) {
        let applied = database.psql(&format!(
            "SELECT json_agg(values_changed ORDER BY step) FROM pgmeta_apply({target}, {}) AS r",
            literal(&options)
        ))?;
        let rehearsed: Value = rows.iter().map(|row| row["values_changed"].clone()).collect();
        ensure!(serde_json::from_str::<Value>(&applied)? == rehearsed, "applied: {applied}, rehearsed: {rehearsed}");
    }
    Ok(rows)
}

#[test]
fn changed_values_are_counted() -> Outcome {
    let old =
        "CREATE TABLE s.t (n numeric(10,4), at timestamp, f float8, i int, j json, v varchar(10), b bit(8), e text)";
    let rows = "INSERT INTO s.t SELECT i + CASE WHEN i <= 7 THEN 0.1234 ELSE 0 END, '2026-01-01 00:00'::timestamp + (i % 3) * interval '1 hour', i / 3.0, i,
        '{\"a\": 1}', 'v' || i, i::bit(8), 'a' FROM generate_series(1, 30) i; INSERT INTO s.t DEFAULT VALUES";
    let new =
        "CREATE TABLE s.t (n numeric(10,2), at date, f real, i bigint, j jsonb, v varchar(20), b int, e \"char\")";
    let rows = rehearse(&format!("{old};\n{rows}"), new, "{}")?;
    let [row] = &*rows else { bail!("more than one rewrite: {rows:#?}") };
    ensure!(row["error"].is_null(), "{row}");
    // The conversion of `v` rewrites nothing.
    let expected = json!({"n": 7, "at": 20, "f": 20, "i": 0, "j": 0, "b": 0, "e": 0});
    ensure!(row["values_changed"] == expected, "{rows:#?}");
    Ok(())
}

/// If there is no conversion back, only the count fails.
#[test]
fn a_failed_count_does_not_fail_the_step() -> Outcome {
    let rows = rehearse(
        "CREATE TABLE s.t (c bigint, d int); INSERT INTO s.t VALUES (9223372036854775807, 1)",
        "CREATE TABLE s.t (c double precision, d bigint)",
        "{}",
    )?;
    ensure!(rows.len() == 1 && rows[0]["error"].is_null(), "{rows:#?}");
    ensure!(rows[0]["values_changed"] == json!({"c": null, "d": 0}), "{rows:#?}");
    Ok(())
}

#[test]
fn too_long_values_are_an_error() -> Outcome {
    for (old, new, code) in [
        ("varchar(50)", "varchar(10)", "22001"),
        ("text", "varchar(10)", "22001"),
        ("text", "char(10)", "22001"),
        ("varchar(50)[]", "varchar(10)[]", "22001"),
        ("text[]", "varchar(10)[]", "22001"),
        ("bit varying(30)", "bit varying(4)", "22001"),
        ("bit(20)", "bit(4)", "22026"),
        ("text", "bit varying(4)", "22001"),
        ("text", "bit(4)", "22026"),
    ] {
        let value = if old.ends_with("[]") { "'{11111111111111111111}'" } else { "'11111111111111111111'" };
        let rows = rehearse(
            &format!("CREATE TABLE s.t (c {old}); INSERT INTO s.t VALUES ({value})"),
            &format!("CREATE TABLE s.t (c {new})"),
            "{}",
        )?;
        let error = rows.last().and_then(|row| row["error"].as_str()).unwrap_or_default();
        ensure!(error.starts_with(code), "{old} to {new}: {rows:#?}");
    }
    // Likewise for a domain that became shorter, or a domain as the new type of a column.
    for (old, new) in [
        (
            "CREATE DOMAIN s.d AS text; CREATE TABLE s.t (c s.d)",
            "CREATE DOMAIN s.d AS varchar(10); CREATE TABLE s.t (c s.d)",
        ),
        (
            "CREATE DOMAIN s.d AS varchar(50); CREATE TABLE s.t (c s.d)",
            "CREATE DOMAIN s.d AS varchar(10); CREATE TABLE s.t (c s.d)",
        ),
        ("CREATE TABLE s.t (c text)", "CREATE DOMAIN s.d AS varchar(10); CREATE TABLE s.t (c s.d)"),
    ] {
        let rows = rehearse(&format!("{old}; INSERT INTO s.t VALUES ('12345678901')"), new, "{}")?;
        let error = rows.last().and_then(|row| row["error"].as_str()).unwrap_or_default();
        ensure!(error.starts_with("22001"), "{old} to {new}: {rows:#?}");
    }
    Ok(())
}

#[test]
fn the_option_using_defines_the_conversion() -> Outcome {
    let rows = rehearse(
        "CREATE TABLE s.t (c text, \"D\" varchar(20)); INSERT INTO s.t VALUES ('a:1', 'abcdef')",
        "CREATE TABLE s.t (c int, \"D\" varchar(3))",
        r#"{"using": {"s.t.c": "split_part(c, ':', 2)::integer", "s.t.\"D\"": "left(\"D\", 3)"}}"#,
    )?;
    ensure!(rows.iter().all(|row| row["error"].is_null()), "{rows:#?}");
    ensure!(rows.len() == 1 && rows[0]["values_changed"] == json!({"c": 1, "D": 1}), "{rows:#?}");
    // A domain that is recreated.
    let rows = rehearse(
        "CREATE DOMAIN s.d AS text; CREATE TABLE s.t (c s.d); INSERT INTO s.t VALUES ('12345678901')",
        "CREATE DOMAIN s.d AS varchar(10); CREATE TABLE s.t (c s.d)",
        r#"{"using": {"s.t.c": "left(c, 10)"}}"#,
    )?;
    ensure!(rows.iter().all(|row| row["error"].is_null()), "{rows:#?}");
    ensure!(rows.iter().any(|row| row["values_changed"] == json!({"c": 1})), "{rows:#?}");
    Ok(())
}

#[test]
fn the_option_using_applies_to_columns_of_the_target() -> Outcome {
    let database = Database::with_pgmeta("using")?;
    database.psql("CREATE SCHEMA s; CREATE TABLE s.t (c text)")?;
    for (using, says) in [
        (r#"{"s.t.nosuch": "1"}"#, "column \"s.t.nosuch\" to be converted does not exist"),
        (r#"{"s.t.c": "1), DROP COLUMN c"}"#, "value for \"s.t.c\" is not a single expression"),
    ] {
        for call in ["pgmeta_plan_live", "pgmeta_rehearse", "pgmeta_apply"] {
            let error = database.error(
                "postgres",
                &format!(
                    "SELECT {call}(pgmeta_snapshot('s'), '{{\"schemas\": [\"s\"], \"using\": {}}}');",
                    using.replace('\'', "''")
                ),
            )?;
            ensure!(error.contains("22023") && error.contains(says) && error.contains("HINT"), "{call}: {error}");
        }
    }
    Ok(())
}
