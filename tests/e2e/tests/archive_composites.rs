//! Composite types that have changed since their values were archived: new attributes are NULL, and lost attributes are an
//! error with their names before any row is read.

use std::fs;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::archives::{files, with_storage};
use pgmeta_e2e::{Database, Outcome};
use serde_json::Value;

const FORMATS: [&str; 4] = ["jsonl", "csv", "parquet", "binary"];

/// Values whose text needs quotes, values of NULLs, and NULL.
const ROWS: &str = "('2024-01-02', 1, ROW(1, 'a \"b\", (c)\\'), ROW('2024-01-01', ROW(2, ''))),
    ('2024-01-03', 2, ROW(NULL, NULL), ROW(NULL, NULL)), ('2024-01-04', 3, NULL, ROW('infinity', ROW(NULL, 'x')))";

fn table(database: &Database<'_>) -> Outcome {
    database
        .psql(&format!(
            "SET client_min_messages = error; DROP TABLE IF EXISTS ev, drill; DROP TYPE IF EXISTS pair, outside CASCADE; RESET client_min_messages;
            CREATE TYPE pair AS (a int, \"B b\" text); CREATE TYPE outside AS (at date, p pair);
            CREATE TABLE ev (at date NOT NULL, id int, p pair, o outside) PARTITION BY RANGE (at);
            CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
            INSERT INTO ev VALUES {ROWS}"
        ))
        .map(drop)
}

fn archived(database: &Database<'_>, format: &str) -> Result<String> {
    database
        .psql(&format!("SELECT pgmeta_archive('ev_1', 'cold', '{{\"format\": \"{format}\", \"retire\": \"drop\"}}')"))
}

/// A restore converts archived values as the server converts existing values when their type gets attributes.
#[test]
fn new_attributes_are_null() -> Outcome {
    let (database, _folder) = with_storage("composites_new")?;
    let changes =
        "ALTER TYPE pair ADD ATTRIBUTE c numeric(9,2), ADD ATTRIBUTE d text[]; ALTER TYPE outside ADD ATTRIBUTE x int";
    // A restored attribute has another position.
    let order = "ALTER TYPE pair DROP ATTRIBUTE a; ALTER TYPE pair ADD ATTRIBUTE a int";
    for format in FORMATS {
        table(&database)?;
        database.psql("DROP TABLE IF EXISTS live; CREATE TABLE live AS SELECT * FROM ev")?;
        let id = archived(&database, format)?;
        database.psql(changes)?;
        let same = "SELECT count(*), bool_and(l::text = e::text) FROM live l JOIN ev e USING (id)";
        database.psql(&format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"))?;
        let found = database.psql(same)?;
        ensure!(found == "3|t", "{format}: {found}: {}", database.psql("TABLE live; TABLE ev")?);
        let types = database.psql("SELECT count(*) FROM pg_type WHERE typname ~ 'pgmeta_was'; SELECT pg_typeof(p), pg_typeof(o) FROM ev LIMIT 1")?;
        ensure!(types == "0\npair|outside", "{format}: {types}");
        database.psql(order)?;
        database.psql(&format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"drill\"}}')"))?;
        let found = database.psql("SELECT p, (p).a, (p).\"B b\" FROM drill ORDER BY id")?;
        ensure!(found == "(\"a \"\"b\"\", (c)\\\\\",,,1)|1|a \"b\", (c)\\\n(,,,)||\n||", "{format}: {found}");
        // The same archive without a change of the type.
        table(&database)?;
        database.psql(&format!("DROP TABLE ev_1; SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"))?;
    }
    Ok(())
}

#[test]
fn lost_attributes_are_errors() -> Outcome {
    let (database, folder) = with_storage("composites_refused")?;
    for format in FORMATS {
        table(&database)?;
        let id = archived(&database, format)?;
        for (change, code, told, hint, back) in [
            (
                "ALTER TYPE pair DROP ATTRIBUTE \"B b\"",
                "0A000",
                "columns o, p cannot be restored: type public.pair has changed: attribute \"B b\" of type text is gone",
                "ALTER TYPE public.pair ADD ATTRIBUTE \"B b\" text brings it back",
                "ALTER TYPE pair ADD ATTRIBUTE \"B b\" text",
            ),
            (
                "DROP TABLE ev; ALTER TYPE pair ALTER ATTRIBUTE a TYPE bigint, ADD ATTRIBUTE c int",
                "42804",
                "type public.pair has changed: attribute \"a\" is bigint and was integer, attribute \"c\" is new",
                "ALTER TYPE public.pair ALTER ATTRIBUTE \"a\" TYPE integer brings it back",
                "ALTER TYPE pair ALTER ATTRIBUTE a TYPE integer",
            ),
        ] {
            database.psql(change)?;
            let restore = format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"drill\"}}')");
            let error = database.error("postgres", &restore)?;
            ensure!(error.contains(code) && error.contains(told) && error.contains(hint), "{format}: {error}");
            database.psql(back)?;
            let found =
                database.psql(&format!("{restore}; SELECT (o).p.\"B b\" FROM drill WHERE id = 3; DROP TABLE drill"))?;
            ensure!(found == "drill\nx", "{format}: {found}");
        }
    }
    // Without rows there are no values to lose.
    table(&database)?;
    database.psql("DELETE FROM ev")?;
    let id = archived(&database, "csv")?;
    database.psql("ALTER TYPE pair DROP ATTRIBUTE a")?;
    database.psql(&format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"))?;
    // Older manifests do not describe types: the server's error is the only one.
    table(&database)?;
    let id = archived(&database, "csv")?;
    let manifest = database.psql(&format!("SELECT location FROM pgmeta.archives WHERE id = {id}"))?;
    let path = folder.path().join(&manifest);
    let mut value: Value = serde_json::from_str(&fs::read_to_string(&path)?)?;
    ensure!(value["composites"][1]["name"] == "public.pair" && value["composites"][1]["columns"][1] == "p", "{value}");
    value.as_object_mut().context("an object")?.remove("composites");
    let text = serde_json::to_string(&value)?;
    ensure!(files(folder.path())?.contains(&path), "no manifest");
    fs::write(&path, &text)?;
    database.psql(&format!(
        "UPDATE pgmeta.archive_records SET manifest_sha256 = encode(sha256(convert_to($text${text}$text$, 'UTF8')), 'hex') WHERE id = {id};
        SELECT pgmeta_archive_restore({id}, '{{\"into\": \"drill\"}}'); DROP TABLE drill; ALTER TYPE pair ADD ATTRIBUTE c int"
    ))?;
    let error = database.error("postgres", &format!("SELECT pgmeta_archive_restore({id})"))?;
    ensure!(error.contains("22P02") && error.contains("Too few columns"), "{error}");
    Ok(())
}

/// Values inside of arrays, domains and ranges cannot be converted, but can be restored if the type has not changed.
#[test]
fn changed_types_inside_arrays_and_domains_are_errors() -> Outcome {
    let (database, _folder) = with_storage("composites_within")?;
    for (declared, value) in [
        ("pair[]", "ARRAY[ROW(1, 'x')::pair]"),
        ("boxed", "ROW(1, 'x')::pair::boxed"),
        ("crowd", "ROW(ARRAY[ROW(1, 'x')::pair])::crowd"),
    ] {
        database.psql(&format!(
            "CREATE TYPE pair AS (a int, b text); CREATE DOMAIN boxed AS pair; CREATE TYPE crowd AS (l pair[]);
            CREATE TABLE ev_1 (id int, \"P p\" {declared}, other text); INSERT INTO ev_1 VALUES (1, {value})"
        ))?;
        for format in FORMATS {
            let id =
                database.psql(&format!("SELECT pgmeta_archive('ev_1', 'cold', '{{\"format\": \"{format}\"}}')"))?;
            let restore = format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"drill\"}}')");
            let error = database.error("postgres", &format!("ALTER TYPE pair ADD ATTRIBUTE c int; {restore}"));
            // Some servers do not allow changes of a type that a domain uses.
            let error = error?;
            let told = "column \"P p\" cannot be restored: type public.pair, which arrays, domains or ranges contain, has changed: attribute \"c\" is new";
            ensure!(error.contains("0A000") && error.contains(told), "{declared}, {format}: {error}");
            database.psql(&format!("ALTER TYPE pair DROP ATTRIBUTE c; {restore}; DROP TABLE drill"))?;
            // Columns that are not archived do not matter.
            let id = database.psql("SELECT pgmeta_archive('ev_1', 'cold', '{\"columns\": [\"id\"]}')")?;
            database.psql(&format!(
                "ALTER TYPE pair ADD ATTRIBUTE c int; SELECT pgmeta_archive_restore({id}, '{{\"into\": \"drill\"}}');
                DROP TABLE drill; ALTER TYPE pair DROP ATTRIBUTE c"
            ))?;
        }
        database.psql("DROP TABLE ev_1; SET client_min_messages = error; DROP TYPE pair CASCADE; DROP TYPE crowd")?;
    }
    Ok(())
}

/// Code that converts values runs as the table's owner. Checks of a domain never run as the caller of the restore.
#[test]
fn conversion_code_runs_as_its_owner() -> Outcome {
    let (database, _folder) = with_storage("composites_roles")?;
    database.psql(
        "DO $$ BEGIN CREATE ROLE e2e_composite_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        GRANT CREATE, USAGE ON SCHEMA public TO e2e_composite_owner;
        SET ROLE e2e_composite_owner;
        CREATE TABLE seen (who text);
        CREATE FUNCTION look(v int) RETURNS boolean LANGUAGE plpgsql AS $f$ BEGIN
            INSERT INTO public.seen VALUES (current_user); RETURN true; END $f$;
        CREATE DOMAIN checked AS int CHECK (public.look(VALUE));
        CREATE TYPE pair AS (a int);
        CREATE TABLE ev (at date NOT NULL, p pair) PARTITION BY RANGE (at);
        CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
        INSERT INTO ev VALUES ('2024-01-02', ROW(1));
        RESET ROLE;
        SELECT pgmeta_archive('ev_1', 'cold', '{\"retire\": \"drop\"}');
        SET ROLE e2e_composite_owner; ALTER TYPE pair ADD ATTRIBUTE c checked; TRUNCATE seen",
    )?;
    let error = database.error("postgres", "SELECT pgmeta_archive_restore(1, '{\"into\": \"public.drill\"}')")?;
    ensure!(error.contains("0A000") && error.contains("domains of another role"), "{error}");
    database.psql("SELECT pgmeta_archive_restore(1, '{\"attach\": true}')")?;
    let found = database.psql("SELECT p FROM ev; SELECT DISTINCT who FROM seen")?;
    ensure!(found == "(1,)\ne2e_composite_owner", "{found}");
    database.psql("DROP OWNED BY e2e_composite_owner").map(drop)
}
