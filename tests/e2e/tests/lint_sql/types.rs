//! Rule type_change_rewrites knows which tables the server rewrites: each pair of types is tried, and the table's file is compared.

use std::fmt::Write;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Database, Outcome};

/// The types, each as a statement writes it.
pub(super) const TYPES: &[&str] = &[
    "int",
    "bigint",
    "oid",
    "regclass",
    "text",
    "varchar",
    "varchar(20)",
    "varchar(30)",
    "char(3)",
    "bpchar",
    "name",
    "public.citext",
    "xml",
    "json",
    "jsonb",
    "bytea",
    "cidr",
    "inet",
    "bit(3)",
    "varbit",
    "varbit(8)",
    "numeric",
    "numeric(10,2)",
    "numeric(12,2)",
    "numeric(12,3)",
    "date",
    "time",
    "time(3)",
    "time(6)",
    "timestamp",
    "timestamp(3)",
    "timestamp(6)",
    "timestamptz",
    "timestamptz(3)",
    "interval",
    "interval(3)",
    "interval day to second",
    "interval day to second(3)",
    "interval year",
    "int[]",
    "bigint[]",
    "text[]",
    "varchar(20)[]",
    "varchar[]",
    "\"char\"",
    "app.mail",
    "app.short_mail",
    "app.checked_mail",
    "app.required_mail",
    "app.positive",
    "app.mood",
    "app.pair",
];

pub(super) const SETUP: &str = "
CREATE EXTENSION citext SCHEMA public; CREATE SCHEMA app;
CREATE DOMAIN app.mail AS text; CREATE DOMAIN app.short_mail AS varchar(20);
CREATE DOMAIN app.checked_mail AS app.mail CHECK (value <> ''); CREATE DOMAIN app.required_mail AS text NOT NULL;
CREATE DOMAIN app.positive AS int;
CREATE TYPE app.mood AS ENUM ('good'); CREATE TYPE app.pair AS (a int, b int);
SET search_path = app, public;
CREATE FUNCTION public.is_rewritten(statement text, relation regclass) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE old oid := pg_relation_filenode(relation); rewritten boolean;
BEGIN
  BEGIN
    EXECUTE statement;
    rewritten := pg_relation_filenode(relation) <> old;
    RAISE EXCEPTION 'undo' USING ERRCODE = 'P0099';
  EXCEPTION WHEN SQLSTATE 'P0099' THEN RETURN rewritten;
    WHEN OTHERS THEN RETURN NULL;
  END;
END $$;
";

/// One table for each type, and one statement for each other type that the server takes.
fn script() -> Result<String> {
    let mut script = String::from(SETUP);
    for (at, own) in TYPES.iter().enumerate() {
        writeln!(script, "CREATE TABLE app.t{at} (c {own});")?;
    }
    script +=
        "CREATE TABLE public.statements (id int GENERATED ALWAYS AS IDENTITY, name text, statement text UNIQUE);\n";
    for at in 0..TYPES.len() {
        for new in TYPES {
            // A type is found in the search path, too.
            for written in [*new, new.trim_start_matches("app.").trim_start_matches("public.")] {
                writeln!(
                    script,
                    "INSERT INTO public.statements (name, statement) VALUES ('app.t{at}', 'ALTER TABLE app.t{at} ALTER c TYPE {written}') ON CONFLICT DO NOTHING;"
                )?;
            }
        }
    }
    Ok(script)
}

#[test]
fn rewrites_are_those_of_the_server() -> Outcome {
    let database = Database::with_pgmeta("lint_types")?;
    database.psql(&script()?)?;
    // Each statement is undone, so that all are one script about the same tables.
    let output = database.psql(
        "SET timezone = 'Europe/Berlin'; SET search_path = app, public;
         CREATE TEMP TABLE tried AS SELECT row_number() OVER (ORDER BY id) AS number, statement, is_rewritten(statement, name::regclass) AS server
           FROM public.statements;
         SELECT 'tried ' || count(*) FILTER (WHERE server IS NOT NULL),
           string_agg(format('%s: the server %s', t.statement, CASE WHEN server THEN 'rewrites' ELSE 'keeps' END), E'\\n'
             ORDER BY t.statement) FILTER (WHERE server <> (f.statement IS NOT NULL))
         FROM tried t LEFT JOIN (
           SELECT DISTINCT statement FROM pgmeta_lint_sql(
             (SELECT string_agg('BEGIN; ' || statement || '; ROLLBACK;', ' ' ORDER BY number) FROM tried),
             '{\"rules\": [\"type_change_rewrites\"]}')) f ON f.statement = 3 * t.number - 1",
    )?;
    let (tried, wrong) = output.split_once('|').unwrap_or_default();
    let tried: usize = tried.trim_start_matches("tried ").parse()?;
    ensure!(tried > 600, "only {tried} statements were tried");
    ensure!(wrong.is_empty(), "{wrong}");
    Ok(())
}
