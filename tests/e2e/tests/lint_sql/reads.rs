//! The rules know which statements read the rows of a table under a strong lock: each statement is run, and the rows are counted that the
//! server reads.

use std::fmt::Write;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Outcome};

use super::quoted;
use super::types::{SETUP as TYPES_SETUP, TYPES};

/// Counts the rows of a relation that a statement reads; NULL if the server refuses it.
const COUNT: &str = "
CREATE FUNCTION public.rows_read(statement text, VARIADIC relations regclass[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE before bigint := (SELECT sum(pg_stat_get_xact_tuples_returned(x)) FROM unnest(relations) x); found bigint;
BEGIN
  BEGIN
    EXECUTE statement;
    found := (SELECT sum(pg_stat_get_xact_tuples_returned(x)) FROM unnest(relations) x) - before;
    RAISE EXCEPTION 'undo' USING ERRCODE = 'P0099';
  EXCEPTION WHEN SQLSTATE 'P0099' THEN RETURN found;
    WHEN OTHERS THEN RETURN NULL;
  END;
END $$;
";

/// What each table has besides its column c. `%1$s` is the table, `%2$s` its name without a schema.
const FORMS: &[&str] = &[
    "SELECT",
    "CREATE INDEX ON %1$s (c)",
    "CREATE INDEX ON %1$s (c) WHERE c IS NOT NULL",
    "CREATE INDEX ON %1$s (n) WHERE n > 0",
    "CREATE INDEX ON %1$s ((c IS NULL))",
    "CREATE INDEX ON %1$s ((n + 1), c)",
    "CREATE INDEX ON %1$s (n) INCLUDE (c)",
    "CREATE INDEX ON %1$s USING hash (c)",
    "CREATE INDEX ON %1$s USING brin (c)",
    "CREATE INDEX ON %1$s USING gin (c)",
    "CREATE INDEX ON %1$s USING gist (c)",
    "CREATE INDEX ON %1$s USING spgist (c)",
    "CREATE INDEX ON %1$s (c COLLATE \"C\")",
    "CREATE INDEX ON %1$s (c text_pattern_ops)",
    "CREATE INDEX ON %1$s (c varchar_ops)",
    "ALTER TABLE %1$s ADD UNIQUE (c)",
    "ALTER TABLE %1$s ADD EXCLUDE USING btree (c WITH =)",
    "ALTER TABLE %1$s ADD EXCLUDE USING btree (c WITH =) WHERE (n > 0)",
    "ALTER TABLE %1$s ADD CHECK (c IS NULL)",
    "ALTER TABLE %1$s ADD CHECK (c IS NULL) NOT VALID",
    "ALTER TABLE %1$s ADD CHECK (n > 0)",
    "ALTER TABLE %1$s ADD CHECK (%2$s IS NULL)",
    "CREATE STATISTICS ON n, c FROM %1$s",
    "ALTER TABLE %1$s ALTER c TYPE text COLLATE \"C\"",
    "ALTER TABLE %1$s ALTER c TYPE text COLLATE \"C\"; CREATE INDEX ON %1$s (c)",
];

/// Tables that have one row each, one for each type and form that the server takes, and a statement for each other type.
fn script() -> Result<String> {
    let mut script = String::from(TYPES_SETUP);
    script += COUNT;
    script += "CREATE TABLE public.statements (id int GENERATED ALWAYS AS IDENTITY, name text, statement text);
        CREATE TABLE public.types (id int, name text); CREATE TABLE public.forms (id int, form text);\n";
    for (at, name) in TYPES.iter().enumerate() {
        writeln!(script, "INSERT INTO public.types VALUES ({at}, '{name}');")?;
    }
    for (at, form) in FORMS.iter().enumerate() {
        writeln!(script, "INSERT INTO public.forms VALUES ({at}, $f${form}$f$);")?;
    }
    script += "DO $$ DECLARE own record; new text; BEGIN
          FOR own IN SELECT t.name AS type, form, format('t%s_%s', t.id, f.id) AS name FROM public.types t, public.forms f LOOP
            BEGIN
              EXECUTE format('CREATE TABLE app.%s (c %s, n int)', own.name, own.type);
              EXECUTE format('INSERT INTO app.%s (n) VALUES (1)', own.name);
              EXECUTE format(own.form, 'app.' || own.name, own.name);
              FOREACH new IN ARRAY ARRAY(SELECT t.name FROM public.types t UNION ALL SELECT 'text COLLATE \"C\"') LOOP
                INSERT INTO public.statements (name, statement)
                  VALUES ('app.' || own.name, format('ALTER TABLE app.%s ALTER c TYPE %s', own.name, new));
              END LOOP;
            EXCEPTION WHEN OTHERS THEN NULL;
            END;
          END LOOP;
        END $$;\n";
    Ok(script)
}

#[test]
fn type_changes_read_rows_where_the_server_does() -> Outcome {
    let database = Database::with_pgmeta("lint_reads")?;
    database.psql(&script()?)?;
    // Each statement is undone, so that all are one script about the same tables. Those that rewrite the table are tried in types.rs.
    let output = database.psql(
        "SET timezone = 'Europe/Berlin'; SET search_path = app, public;
         CREATE TEMP TABLE kept AS SELECT s.* FROM public.statements s WHERE NOT is_rewritten(statement, name::regclass);
         CREATE TEMP TABLE tried AS SELECT row_number() OVER (ORDER BY id) AS number, statement, rows_read(statement, name::regclass) > 0 AS reads,
             (SELECT form FROM public.forms f WHERE name LIKE '%\\_' || f.id) AS form, (SELECT t.name FROM public.types t WHERE k.name LIKE 'app.t' || t.id || '\\_%') AS old
           FROM kept k;
         SELECT 'tried ' || count(*) FILTER (WHERE reads IS NOT NULL),
           string_agg(format('%s %s: %s: the server %s', old, form, t.statement, CASE WHEN reads THEN 'reads' ELSE 'reads nothing' END), E'\\n'
             ORDER BY t.statement) FILTER (WHERE reads <> (f.statement IS NOT NULL))
         FROM tried t LEFT JOIN (
           SELECT DISTINCT statement FROM pgmeta_lint_sql(
             (SELECT string_agg('BEGIN; ' || statement || '; ROLLBACK;', ' ' ORDER BY number) FROM tried),
             '{\"rules\": [\"type_change_rewrites\", \"type_change_rebuilds\"]}')) f ON f.statement = 3 * t.number - 1",
    )?;
    let (tried, wrong) = output.split_once('|').unwrap_or_default();
    let tried: usize = tried.trim_start_matches("tried ").parse().context(output.clone())?;
    ensure!(wrong.is_empty(), "{wrong}");
    ensure!(tried > 1000, "only {tried} statements were tried");
    Ok(())
}

/// What exists before each script, with a row in each table.
const SETUP: &str = "
CREATE SCHEMA app;
CREATE TABLE app.customers (id int PRIMARY KEY, name varchar(20));
CREATE TABLE app.orders (id int, customer int CONSTRAINT of_customer REFERENCES app.customers, note varchar(20), n int,
  CONSTRAINT pair CHECK (note IS NOT NULL AND n IS NOT NULL));
ALTER TABLE app.orders ADD CONSTRAINT noted CHECK (note <> '' AND n > 0) NOT VALID;
CREATE UNIQUE INDEX by_id ON app.orders (id);
CREATE TABLE app.parts (day int, note varchar(20)) PARTITION BY LIST (day);
CREATE TABLE app.parts_1 PARTITION OF app.parts FOR VALUES IN (1);
CREATE INDEX ON app.parts (note);
CREATE TABLE app.parts_2 (day int, note varchar(20)); INSERT INTO app.parts_2 VALUES (2, 'a');
CREATE TABLE app.others (day int, note varchar(20)) PARTITION BY LIST (day); CREATE TABLE app.others_rest PARTITION OF app.others DEFAULT;
INSERT INTO app.others VALUES (1, 'a'); CREATE TABLE app.empty (day int, note varchar(20)) PARTITION BY LIST (day);
CREATE DOMAIN app.mail AS text; CREATE DOMAIN app.own_mail AS app.mail; CREATE DOMAIN app.address AS app.own_mail;
CREATE DOMAIN app.code AS int; CREATE DOMAIN app.unused AS int;
CREATE TABLE app.letters (id int, sender app.address); INSERT INTO app.letters VALUES (1, 'a');
CREATE MATERIALIZED VIEW app.codes AS SELECT 1::app.code AS code;
INSERT INTO app.customers VALUES (1, 'a'); INSERT INTO app.orders VALUES (1, 1, 'a', 1); INSERT INTO app.parts VALUES (1, 'a');
";

/// Scripts; the rows are counted that their last statement reads.
const SCRIPTS: &[&[&str]] = &[
    &["ALTER TABLE app.orders ALTER n SET NOT NULL"],
    &["ALTER TABLE app.orders ALTER customer SET NOT NULL"],
    &["ALTER TABLE app.orders RENAME CONSTRAINT pair TO two", "ALTER TABLE app.orders ALTER n SET NOT NULL"],
    &[
        "ALTER TABLE app.orders RENAME CONSTRAINT pair TO two",
        "ALTER TABLE app.orders DROP CONSTRAINT two",
        "ALTER TABLE app.orders ALTER n SET NOT NULL",
    ],
    &["ALTER TABLE app.orders DROP note", "ALTER TABLE app.orders ALTER n SET NOT NULL"],
    &["ALTER TABLE app.orders DROP note CASCADE", "ALTER TABLE app.orders ALTER n SET NOT NULL"],
    &["ALTER TABLE app.orders RENAME n TO number", "ALTER TABLE app.orders ALTER number SET NOT NULL"],
    &[
        "ALTER TABLE app.orders ADD CHECK (NOT (customer IS NULL)) NOT VALID",
        "ALTER TABLE app.orders VALIDATE CONSTRAINT orders_customer_check",
        "ALTER TABLE app.orders ALTER customer SET NOT NULL",
    ],
    &[
        "ALTER TABLE app.orders ADD CHECK (customer IS NOT NULL AND n > 0 OR customer IS NOT NULL AND n < 0)",
        "ALTER TABLE app.orders ALTER customer SET NOT NULL",
    ],
    &[
        "ALTER TABLE app.orders ADD CHECK (NOT (customer IS NULL OR n < 0))",
        "ALTER TABLE app.orders ALTER customer SET NOT NULL",
    ],
    &[
        "ALTER TABLE app.orders ADD CHECK (NOT (customer IS NULL AND n < 0))",
        "ALTER TABLE app.orders ALTER customer SET NOT NULL",
    ],
    &["ALTER TABLE app.orders ADD PRIMARY KEY USING INDEX by_id"],
    &["ALTER INDEX app.by_id RENAME TO own_id", "ALTER TABLE app.orders ADD PRIMARY KEY USING INDEX own_id"],
    &[
        "ALTER TABLE app.orders ADD CHECK (id IS NOT NULL)",
        "ALTER INDEX app.by_id RENAME TO own_id",
        "ALTER TABLE app.orders ADD PRIMARY KEY USING INDEX own_id",
    ],
    &[
        "CREATE UNIQUE INDEX by_customer ON app.orders (customer)",
        "ALTER INDEX app.by_customer RENAME TO of_customers",
        "ALTER TABLE app.orders RENAME customer TO buyer",
        "ALTER TABLE app.orders ADD PRIMARY KEY USING INDEX of_customers",
    ],
    &[
        "CREATE UNIQUE INDEX by_customer ON app.orders (n)",
        "ALTER TABLE app.orders RENAME TO purchases",
        "ALTER TABLE app.purchases ADD PRIMARY KEY USING INDEX by_customer",
    ],
    &["ALTER TABLE app.orders ALTER note TYPE text"],
    &["ALTER TABLE app.orders DROP CONSTRAINT pair", "ALTER TABLE app.orders ALTER note TYPE text"],
    &["ALTER TABLE app.orders DROP CONSTRAINT pair, ALTER note TYPE text"],
    &[
        "ALTER TABLE app.orders DROP CONSTRAINT pair",
        "ALTER TABLE app.orders VALIDATE CONSTRAINT noted",
        "ALTER TABLE app.orders ALTER note TYPE text",
    ],
    &[
        "ALTER TABLE app.orders DROP CONSTRAINT pair, DROP CONSTRAINT noted",
        "CREATE INDEX ON app.orders ((note || 'x'))",
        "ALTER TABLE app.orders RENAME note TO remark",
        "ALTER TABLE app.orders ALTER remark TYPE text",
    ],
    &[
        "ALTER TABLE app.orders DROP CONSTRAINT pair, DROP CONSTRAINT noted",
        "CREATE INDEX by_note ON app.orders (note) WHERE note <> ''",
        "DROP INDEX app.by_note",
        "ALTER TABLE app.orders ALTER note TYPE text",
    ],
    &[
        "ALTER TABLE app.orders DROP CONSTRAINT pair, DROP CONSTRAINT noted",
        "ALTER TABLE app.orders ADD UNIQUE (note)",
        "ALTER TABLE app.orders ALTER note TYPE text COLLATE \"C\"",
    ],
    &[
        "ALTER TABLE app.orders DROP CONSTRAINT pair, DROP CONSTRAINT noted",
        "ALTER TABLE app.orders ADD UNIQUE (note)",
        "ALTER TABLE app.orders DROP CONSTRAINT orders_note_key",
        "ALTER TABLE app.orders ALTER note TYPE text COLLATE \"C\"",
    ],
    &[
        "ALTER TABLE app.orders DROP CONSTRAINT pair, DROP CONSTRAINT noted",
        "ALTER TABLE app.orders ADD UNIQUE (note)",
        "ALTER TABLE app.orders ALTER note TYPE text",
    ],
    &["ALTER TABLE app.customers ALTER id TYPE oid"],
    &["ALTER TABLE app.customers ALTER name TYPE text"],
    &["ALTER TABLE app.parts ALTER note TYPE text"],
    &[
        "CREATE INDEX ON app.parts_1 (note)",
        "DROP INDEX app.parts_note_idx",
        "ALTER TABLE app.parts ALTER note TYPE text",
    ],
    &["ALTER DOMAIN app.mail SET NOT NULL"],
    &["ALTER DOMAIN app.own_mail SET NOT NULL"],
    &["ALTER DOMAIN app.address ADD CHECK (value <> '')"],
    &["ALTER DOMAIN app.code ADD CHECK (value > 0)"],
    &["ALTER DOMAIN app.unused ADD CHECK (value > 0)"],
    &["ALTER TABLE app.letters RENAME TO mails", "ALTER DOMAIN app.mail ADD CHECK (value <> '')"],
    &["ALTER DOMAIN app.mail RENAME TO post", "ALTER DOMAIN app.post ADD CHECK (value <> '')"],
    &["ALTER DOMAIN app.mail SET SCHEMA public", "ALTER DOMAIN public.mail ADD CHECK (value <> '')"],
    &["ALTER DOMAIN app.address RENAME TO post", "ALTER DOMAIN app.mail ADD CHECK (value <> '')"],
    &["ALTER TABLE app.letters DROP sender", "ALTER DOMAIN app.mail ADD CHECK (value <> '')"],
    &["ALTER TABLE app.letters ALTER sender TYPE text", "ALTER DOMAIN app.mail ADD CHECK (value <> '')"],
    &["ALTER TABLE app.customers ADD unused app.unused", "ALTER DOMAIN app.unused ADD CHECK (value > 0)"],
    &["ALTER TABLE app.customers ALTER id TYPE app.unused", "ALTER DOMAIN app.unused ADD CHECK (value > 0)"],
    &[
        "CREATE DOMAIN app.newer AS app.unused",
        "ALTER TABLE app.customers ADD unused app.newer",
        "ALTER DOMAIN app.unused ADD CHECK (value > 0)",
    ],
    &["DROP TABLE app.letters", "ALTER DOMAIN app.mail ADD CHECK (value <> '')"],
    &[
        "DROP DOMAIN app.mail CASCADE",
        "CREATE DOMAIN app.mail AS text",
        "ALTER DOMAIN app.mail ADD CHECK (value <> '')",
    ],
    &["ALTER TABLE app.parts ATTACH PARTITION app.parts_2 FOR VALUES IN (2)"],
    &[
        "ALTER TABLE app.parts_2 ADD CHECK (day = 2)",
        "ALTER TABLE app.parts ATTACH PARTITION app.parts_2 FOR VALUES IN (2)",
    ],
    &[
        "ALTER TABLE app.parts_2 ADD CHECK (day = 2 AND day IS NOT NULL)",
        "ALTER TABLE app.parts ATTACH PARTITION app.parts_2 FOR VALUES IN (2)",
    ],
    &[
        "ALTER TABLE app.parts_2 ADD CHECK (day = 2), ALTER day SET NOT NULL",
        "ALTER TABLE app.parts ATTACH PARTITION app.parts_2 FOR VALUES IN (2)",
    ],
    &[
        "ALTER TABLE app.parts_2 ADD CHECK (day = 3) NOT VALID, ALTER day SET NOT NULL",
        "ALTER TABLE app.parts ATTACH PARTITION app.parts_2 FOR VALUES IN (2)",
    ],
    &["ALTER TABLE app.others ATTACH PARTITION app.parts_2 FOR VALUES IN (2)"],
    &[
        "ALTER TABLE app.parts_2 ADD CHECK (day = 2), ALTER day SET NOT NULL",
        "CREATE INDEX ON app.parts_2 (note)",
        "ALTER TABLE app.parts ATTACH PARTITION app.parts_2 FOR VALUES IN (2)",
    ],
    &[
        "ALTER TABLE app.parts_2 ADD CHECK (day = 2), ALTER day SET NOT NULL",
        "DROP INDEX app.parts_note_idx",
        "ALTER TABLE app.parts ATTACH PARTITION app.parts_2 FOR VALUES IN (2)",
    ],
    &[
        "ALTER TABLE app.parts_2 ADD CHECK (day = 2), ALTER day SET NOT NULL",
        "DROP INDEX app.parts_note_idx",
        "ALTER TABLE app.parts ADD FOREIGN KEY (day) REFERENCES app.customers",
        "ALTER TABLE app.customers ALTER name TYPE text",
        "INSERT INTO app.customers VALUES (2, 'b')",
        "ALTER TABLE app.parts ATTACH PARTITION app.parts_2 FOR VALUES IN (2)",
    ],
    &["CREATE TABLE app.others_3 PARTITION OF app.others FOR VALUES IN (3)"],
    &[
        "ALTER TABLE app.others_rest ADD CHECK (day <> 3)",
        "CREATE TABLE app.others_3 PARTITION OF app.others FOR VALUES IN (3)",
    ],
    &["CREATE TABLE app.parts_3 PARTITION OF app.parts FOR VALUES IN (3)"],
    &["ALTER TABLE app.empty ATTACH PARTITION app.parts_2 DEFAULT"],
    &["ALTER TABLE app.parts ADD CHECK (day IS NOT NULL)", "ALTER TABLE app.parts ALTER day SET NOT NULL"],
    &["ALTER TABLE app.parts_1 ADD CHECK (day IS NOT NULL)", "ALTER TABLE app.parts ALTER day SET NOT NULL"],
    &["ALTER TABLE app.parts ALTER day SET NOT NULL"],
    &["ALTER TABLE app.letters ALTER id TYPE int USING letters.id"],
    &[
        "ALTER TABLE app.orders ADD CHECK (orders.customer IS NOT NULL)",
        "ALTER TABLE app.orders ALTER customer SET NOT NULL",
    ],
    &["ALTER TABLE app.orders ADD CHECK (n > 0)"],
    &["ALTER TABLE app.orders ADD CHECK (n > 0) NOT VALID"],
];

/// The rules that say that a statement reads rows under a strong lock.
const RULES: &str = "'{\"rules\": [\"type_change_rewrites\", \"type_change_rebuilds\", \"set_not_null\", \"constraint_without_not_valid\", \"attach_without_check\"]}'";

#[test]
fn statements_after_others_read_rows_where_the_server_does() -> Outcome {
    let database = Database::with_pgmeta("lint_scripts")?;
    database.psql(SETUP)?;
    database.psql(COUNT)?;
    let mut wrong = String::new();
    for script in SCRIPTS {
        let (last, earlier) = script.split_last().context("an empty script")?;
        let found = database.psql(&format!(
            "SELECT coalesce(string_agg(rule || ': ' || detail, ' '), '') FROM pgmeta_lint_sql({}, {RULES}) WHERE statement = {}",
            quoted(&script.join("; ")),
            script.len()
        ))?;
        let earlier: String = earlier.iter().map(|statement| format!("{statement}; ")).collect();
        let output = database.psql(&format!(
            "BEGIN; {earlier} SELECT rows_read({}, VARIADIC ARRAY(SELECT oid::regclass FROM pg_class WHERE relnamespace = 'app'::regnamespace AND relkind IN ('r', 'm'))); ROLLBACK;",
            quoted(last)
        ))?;
        let read: u64 = output.parse().with_context(|| format!("{script:?}: {output}"))?;
        if (read > 0) == found.is_empty() {
            writeln!(wrong, "{script:?}\n  the server reads {read} rows, the rules say: {found}")?;
        }
    }
    ensure!(wrong.is_empty(), "{wrong}");
    Ok(())
}
