//! Discovery on a real server: facts about views hold for any rows, facts about tables equal the catalogs, and the cache is
//! never outdated.

use std::collections::BTreeMap;
use std::fs;
use std::thread;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::{Database, Origin, Outcome, Source, origin, repository, same_text, server};
use serde_json::Value;

const VIEWS: &str = "crates/pgmeta-discovery/tests/view_trees/views.sql";
const ROWS: &str = "crates/pgmeta-discovery/tests/view_trees/rows.sql";
const FUNCTIONS: &str = "crates/pgmeta-discovery/src/view_tree/functions.txt";

/// A line of views.sql: a column, whether it is never null, and its base.
struct Expected {
    view: String,
    column: String,
    never_null: bool,
    base: String,
}

fn expected() -> Result<Vec<Expected>> {
    let mut found = Vec::new();
    let mut view = String::new();
    for line in fs::read_to_string(repository().join(VIEWS))?.lines() {
        if let Some((_, rest)) = line.split_once("VIEW ")
            && line.starts_with("CREATE")
        {
            view = rest.split(' ').next().unwrap_or_default().to_owned();
        } else if let Some(rest) = line.strip_prefix("--> ") {
            let parts: Vec<&str> = rest.split('|').map(str::trim).collect();
            let [column, null, base] = parts.as_slice() else { anyhow::bail!("not three parts: {line}") };
            found.push(Expected {
                view: view.clone(),
                column: (*column).to_owned(),
                never_null: *null == "never",
                base: (*base).to_owned(),
            });
        }
    }
    ensure!(found.len() > 150, "only {} columns", found.len());
    Ok(found)
}

fn views() -> Result<Database<'static>> {
    let database = Database::with_pgmeta("discovery")?;
    database.run_script(&repository().join(VIEWS))?;
    Ok(database)
}

/// The same, when the server counts no more scans of it: the collector of 14 counts after the session has ended.
fn quiet_views() -> Result<Database<'static>> {
    let database = views()?;
    database.psql("SELECT pg_sleep(2) WHERE current_setting('server_version_num')::int < 150000")?;
    Ok(database)
}

#[test]
fn view_columns_are_traced_as_expected() -> Outcome {
    let database = views()?;
    let found = database.psql(
        "SELECT v->>'name', c->>'name', CASE WHEN (c->>'nullable')::bool THEN 'null' ELSE 'never' END,
           COALESCE(concat_ws('.', c->'base'->>'schema', c->'base'->>'table', c->'base'->>'column'), '')
         FROM jsonb_array_elements(pgmeta_discover('t')->'views') v, jsonb_array_elements(v->'columns') WITH ORDINALITY c (c, at)
         ORDER BY v->>'name' COLLATE \"C\", at",
    )?;
    let mut lines: Vec<(String, String)> = expected()?
        .into_iter()
        .map(|own| {
            let null = if own.never_null { "never" } else { "null" };
            (own.view.clone(), format!("{}|{}|{null}|{}", own.view, own.column, own.base))
        })
        .collect();
    lines.sort_by(|one, other| one.0.cmp(&other.0));
    let lines: Vec<String> = lines.into_iter().map(|(_, line)| line).collect();
    same_text("what views.sql expects and what is found", &lines.join("\n"), &found)
}

/// No row contradicts a column that is never null.
#[test]
fn no_row_contradicts_a_column_that_is_never_null() -> Outcome {
    let database = views()?;
    database.run_script(&repository().join(ROWS))?;
    let counted = database.psql(
        "SELECT format('SELECT %L, count(*) FILTER (WHERE v.%I IS NULL) FROM t.%I v', v->>'name' || '.' || (c->>'name'), c->>'name', v->>'name')
         FROM jsonb_array_elements(pgmeta_discover('t')->'views') v, jsonb_array_elements(v->'columns') c
         WHERE NOT (c->>'nullable')::bool \\gexec",
    )?;
    let lines: Vec<&str> = counted.lines().collect();
    let contradicted: Vec<&&str> = lines.iter().filter(|line| !line.ends_with("|0")).collect();
    ensure!(lines.len() > 70, "only {} columns are never null", lines.len());
    ensure!(contradicted.is_empty(), "columns that are null all the same: {contradicted:?}");
    Ok(())
}

/// A change below a view changes the facts about it, although the view is the same.
#[test]
fn a_dropped_not_null_is_no_longer_used() -> Outcome {
    let database = Database::with_pgmeta("trust")?;
    let nullable = |change: &str| -> Result<String> {
        database.psql(&format!(
            "{change};\nSELECT c->>'nullable' FROM jsonb_array_elements(pgmeta_discover('t', '{{\"sections\": [\"views\"]}}')->'views') v,
               jsonb_array_elements(v->'columns') c"
        ))
    };
    let made = "CREATE SCHEMA t; CREATE TABLE t.p (id int NOT NULL); CREATE VIEW t.v AS SELECT id FROM t.p";
    ensure!(nullable(made)? == "false");
    ensure!(nullable("CREATE TABLE t.child () INHERITS (t.p)")? == "false");
    // Before 18 a child may lack a NOT NULL of its parent; since then only one with NO INHERIT.
    let lacking = "DO $$ BEGIN
          IF current_setting('server_version_num')::int < 180000 THEN ALTER TABLE t.child ALTER id DROP NOT NULL;
          ELSE ALTER TABLE t.p ALTER id DROP NOT NULL; EXECUTE 'ALTER TABLE t.p ADD CONSTRAINT own NOT NULL id NO INHERIT';
            ALTER TABLE t.child ALTER id DROP NOT NULL; END IF;
        EXCEPTION WHEN undefined_object OR invalid_table_definition THEN NULL; END $$";
    ensure!(nullable(lacking)? == "true", "a child allows nulls");
    ensure!(nullable("CREATE OR REPLACE VIEW t.v AS SELECT id FROM ONLY t.p")? == "false");
    let foreign = "CREATE FOREIGN DATA WRAPPER nowhere; CREATE SERVER nowhere FOREIGN DATA WRAPPER nowhere;
        CREATE FOREIGN TABLE t.f (id int NOT NULL) SERVER nowhere; CREATE OR REPLACE VIEW t.v AS SELECT id FROM t.f";
    ensure!(nullable(foreign)? == "true", "a foreign table's NOT NULL is not enforced");
    Ok(())
}

/// The list of functions that return null only in some cases equals the server's functions.
#[test]
fn known_functions_equal_those_of_the_server() -> Outcome {
    let lines = fs::read_to_string(repository().join(FUNCTIONS))?;
    let rows = lines.lines().filter(|line| !line.starts_with('#')).map(|line| {
        let mut parts = line.splitn(3, ' ');
        let [rule, oid, signature] = [0; 3].map(|_| parts.next().unwrap_or_default());
        format!("('{rule}', {oid}, '{}')", signature.replace('\'', "''"))
    });
    let rows: Vec<String> = rows.collect();
    let wrong = Database::create("functions")?.psql(&format!(
        "SELECT l.*, p.oid::regprocedure, p.prokind, p.proisstrict FROM (VALUES {}) l (rule, oid, signature)
         LEFT JOIN pg_proc p ON p.oid = l.oid AND p.pronamespace = 'pg_catalog'::regnamespace
         WHERE p.oid::regprocedure::text IS DISTINCT FROM l.signature OR p.proretset
           OR p.prokind <> CASE l.rule WHEN 'window' THEN 'w' WHEN 'count' THEN 'a' WHEN 'aggregate' THEN 'a' ELSE 'f' END::\"char\"
           OR (l.rule = 'strict' AND NOT p.proisstrict)",
        rows.join(",\n")
    ))?;
    ensure!(wrong.is_empty(), "not as the server has them:\n{wrong}");
    Ok(())
}

/// Facts of a document about tables, counted independently.
const FACTS: &str = r#"
-- Event triggers of the corpus refuse commands.
SET session_replication_role = replica;
CREATE TEMP TABLE document AS SELECT pgmeta_discover(options => '{"self": true}') AS d;
CREATE TEMP TABLE own AS SELECT c.oid, n.nspname, c.relname, c.relkind FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
  WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
    AND NOT EXISTS (SELECT FROM pg_depend e WHERE e.classid = 'pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e');

CREATE TEMP TABLE columns_found AS
  SELECT t->>'schema' AS s, t->>'name' AS r, c->>'name' AS n, c->>'type' AS t, (c->>'not_null')::bool AS nn,
    c->>'default' IS NOT NULL OR c->>'generation_expression' IS NOT NULL AS d, c->>'identity' IS NOT NULL AS i, c->>'comment' AS comment
  FROM document, jsonb_array_elements(d->'tables') t, jsonb_array_elements(t->'columns') c;
-- The document names types with their schemas.
SET search_path = '';
CREATE TEMP TABLE columns_expected AS
  SELECT o.nspname, o.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.atthasdef, a.attidentity <> '', col_description(o.oid, a.attnum)
  FROM own o JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum > 0 AND NOT a.attisdropped WHERE o.relkind IN ('r', 'p', 'f');
RESET search_path;
SELECT 'column', * FROM (TABLE columns_found EXCEPT TABLE columns_expected) x;
SELECT 'column missing', * FROM (TABLE columns_expected EXCEPT TABLE columns_found) x;

CREATE TEMP TABLE keys_found AS
  SELECT t->>'schema' AS s, t->>'name' AS r, c->>'name' AS n, c->>'kind' AS kind, c->'columns' AS columns, c->>'referenced_schema' AS rs, c->>'referenced_table' AS rt,
    c->'referenced_columns' AS rc, (c->>'validated')::bool AS v
  FROM document, jsonb_array_elements(d->'tables') t, jsonb_array_elements(t->'constraints') c WHERE c->>'kind' IN ('primary key', 'unique', 'foreign key');
CREATE TEMP TABLE keys_expected AS
  SELECT o.nspname, o.relname, k.conname, CASE k.contype WHEN 'p' THEN 'primary key' WHEN 'u' THEN 'unique' ELSE 'foreign key' END,
    (SELECT jsonb_agg(a.attname ORDER BY at) FROM unnest(k.conkey) WITH ORDINALITY u (num, at) JOIN pg_attribute a ON a.attrelid = o.oid AND a.attnum = num) AS columns,
    (SELECT n.nspname FROM pg_namespace n WHERE n.oid = f.relnamespace) AS parent_schema, f.relname AS parent,
    (SELECT jsonb_agg(a.attname ORDER BY at) FROM unnest(k.confkey) WITH ORDINALITY u (num, at) JOIN pg_attribute a ON a.attrelid = k.confrelid AND a.attnum = num) AS parent_columns,
    k.convalidated
  FROM own o JOIN pg_constraint k ON k.conrelid = o.oid AND k.contype IN ('p', 'u', 'f') LEFT JOIN pg_class f ON f.oid = k.confrelid
  -- The key of a partition comes with its table's.
  WHERE k.contype <> 'f' OR k.conparentid = 0;
SELECT 'key', * FROM (TABLE keys_found EXCEPT TABLE keys_expected) x;
SELECT 'key missing', * FROM (TABLE keys_expected EXCEPT TABLE keys_found) x;

CREATE TEMP TABLE indexes_found AS
  SELECT t->>'schema' AS s, t->>'name' AS r, i->>'name' AS n, i->>'method' AS m, (i->>'unique')::bool AS u, (i->>'primary_key')::bool AS p, i->>'predicate' IS NOT NULL AS partial
  FROM document, jsonb_array_elements((d->'tables') || (d->'views')) t, jsonb_array_elements(t->'indexes') i;
CREATE TEMP TABLE indexes_expected AS
  SELECT o.nspname, o.relname, x.relname AS index, m.amname, i.indisunique, i.indisprimary, i.indpred IS NOT NULL
  FROM own o JOIN pg_index i ON i.indrelid = o.oid JOIN pg_class x ON x.oid = i.indexrelid JOIN pg_am m ON m.oid = x.relam
  WHERE o.relkind IN ('r', 'p', 'm') AND (i.indisvalid OR o.relkind = 'p');
SELECT 'index', * FROM (TABLE indexes_found EXCEPT TABLE indexes_expected) x;
SELECT 'index missing', * FROM (TABLE indexes_expected EXCEPT TABLE indexes_found) x;

-- One relationship for each foreign key, with the same tables and actions.
CREATE TEMP TABLE relations_found AS
  SELECT name, schema, table_name, to_jsonb(columns) AS columns, parent_schema, parent_table, to_jsonb(parent_columns) AS parent_columns, validated, "deferrable", on_delete
  FROM pgmeta_relationships(options => '{"self": true}') WHERE through IS NULL;
CREATE TEMP TABLE relations_expected AS
  SELECT e.conname, e.nspname, e.relname, e.case_columns, e.parent, e.relname_1, e.parent_columns, e.convalidated, k.condeferrable,
    CASE k.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' ELSE 'SET DEFAULT' END
  FROM (SELECT * FROM keys_found WHERE kind = 'foreign key') AS e (nspname, relname, conname, kind, case_columns, parent, relname_1, parent_columns, convalidated)
  JOIN own o ON o.nspname = e.nspname AND o.relname = e.relname JOIN pg_constraint k ON k.conrelid = o.oid AND k.conname = e.conname;
SELECT 'relationship', * FROM (TABLE relations_found EXCEPT ALL TABLE relations_expected) x;
SELECT 'relationship missing', * FROM (TABLE relations_expected EXCEPT ALL TABLE relations_found) x;
SELECT count(*) FROM columns_found;
"#;

#[test]
fn documents_equal_the_catalogs() -> Outcome {
    let mut columns = 0;
    for &source in Source::SCHEMAS {
        let Some(origin) = origin(source)? else { continue };
        let found = origin.psql(FACTS).with_context(|| format!("{source:?}"))?;
        let (wrong, count) = found.rsplit_once('\n').unwrap_or(("", &found));
        ensure!(wrong.is_empty(), "{source:?}: not as the catalogs have it:\n{wrong}");
        columns += count.parse::<u32>()?;
        follows_its_schema(&origin).with_context(|| format!("{source:?}"))?;
    }
    ensure!(columns > 100, "only {columns} columns");
    Ok(())
}

fn follows_its_schema(origin: &Origin) -> Outcome {
    let schema: Value = serde_json::from_str(&origin.psql("SELECT pgmeta_discover_schema()")?)?;
    let sections = r#"{"sections": ["tables", "views", "functions", "types", "relationships", "patterns", "statistics"], "virtual": true}"#;
    let validator = jsonschema::validator_for(&schema)?;
    for call in [format!("pgmeta_discover(NULL, '{sections}')"), "pgmeta_discover(pgmeta_snapshot())".to_owned()] {
        let document: Value = serde_json::from_str(&origin.psql(&format!("SELECT {call}"))?)?;
        let errors = validator.iter_errors(&document).take(5);
        let errors: Vec<String> = errors.map(|error| format!("{}: {error}", error.instance_path())).collect();
        ensure!(errors.is_empty(), "{call} does not follow its JSON Schema:\n{}", errors.join("\n"));
    }
    Ok(())
}

/// Changes of each catalog that the document depends on.
const CHANGES: &[&str] = &[
    "ALTER TABLE t.a ADD note text DEFAULT 'x'",
    "COMMENT ON COLUMN t.a.n IS 'the name'",
    "ALTER TABLE t.a ALTER o SET NOT NULL",
    "ALTER TABLE t.a ALTER o SET DEFAULT 'y'",
    "CREATE INDEX a_o ON t.a (o)",
    "CREATE UNIQUE INDEX b_a ON t.b (a_id)",
    "ALTER TABLE t.b ADD UNIQUE (k)",
    "ALTER TABLE t.c ADD CHECK (v > 0)",
    "CREATE POLICY p ON t.a USING (true)",
    "ALTER TABLE t.a ENABLE ROW LEVEL SECURITY",
    "CREATE OR REPLACE VIEW t.plain AS SELECT k AS id, n AS \"odd name\", o FROM t.a",
    "CREATE TYPE t.mood AS ENUM ('sad')",
    "ALTER TYPE t.mood ADD VALUE 'ok'",
    "CREATE TABLE t.log_2 PARTITION OF t.log FOR VALUES FROM ('2020-01-01') TO ('2020-02-01')",
    "CREATE FUNCTION t.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "ALTER FUNCTION t.f() STRICT",
    "CREATE DOMAIN t.positive AS int CHECK (VALUE > 0)",
    "ALTER TABLE t.a RENAME TO a_2",
    "ALTER TABLE t.b DROP CONSTRAINT b_a_id_fkey",
    "CREATE TRIGGER g AFTER INSERT ON t.b EXECUTE FUNCTION t.nothing()",
    "ALTER TABLE t.b DISABLE TRIGGER g",
    "DROP VIEW t.sublinks",
    "ALTER TABLE t.c OWNER TO discovery_owner",
    "ALTER ROLE discovery_owner RENAME TO discovery_owner_2",
    "ALTER TABLE t.child NO INHERIT t.parent",
];

/// A session waits while another one changes the schema, and then returns the same as a new session. Steps are counted in a
/// table outside of the schema.
#[test]
fn the_cache_is_never_outdated() -> Outcome {
    // Roles that other tests create would empty the cache.
    let own = server()?.start()?;
    let database = Database::create_on(&own, "discovery_cache")?;
    database.psql("CREATE EXTENSION pgmeta")?;
    database.run_script(&repository().join(VIEWS))?;
    database.psql(
        "CREATE ROLE discovery_owner;
         CREATE FUNCTION t.nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';
         CREATE TABLE public.step (waiting int, done int); INSERT INTO step VALUES (0, 0)",
    )?;
    // The server's counters of the use of indexes are always read, and change by themselves.
    let call = "SELECT md5(regexp_replace(pgmeta_discover('t')::text, '\"(scans|tuples_read|tuples_fetched|unused_since)\": [^,}]*', '', 'g'));";
    let mut script = format!("{call}\n");
    for step in 1..=CHANGES.len() {
        script += &format!(
            "UPDATE step SET waiting = {step};
             DO $$ BEGIN WHILE (SELECT done FROM step) < {step} LOOP PERFORM pg_sleep(0.005); END LOOP; END $$;
             {call}
             {call}\n"
        );
    }
    script += "SELECT calls, cached FROM pgmeta_discovery_stats() WHERE section = 'catalog';";
    let fresh = || database.psql(call);
    let (session, expected) = thread::scope(|scope| -> Result<(String, Vec<String>)> {
        let session = scope.spawn(|| database.psql(&script));
        let mut expected = vec![fresh()?];
        for (at, change) in CHANGES.iter().enumerate() {
            let step = at + 1;
            database.psql(&format!(
                "DO $$ BEGIN WHILE (SELECT waiting FROM step) < {step} LOOP PERFORM pg_sleep(0.005); END LOOP; END $$;
                 {change};"
            ))?;
            expected.push(fresh()?);
            database.psql(&format!("UPDATE step SET done = {step}"))?;
        }
        let session = session.join().map_err(|_| anyhow::anyhow!("the session panicked"))??;
        Ok((session, expected))
    })?;
    let lines: Vec<&str> = session.lines().collect();
    let (counts, texts) = lines.split_last().context("nothing was printed")?;
    let mut wanted = vec![expected[0].as_str()];
    wanted.extend(expected[1..].iter().flat_map(|text| [text.as_str(), text.as_str()]));
    for (at, (found, wanted)) in texts.iter().zip(&wanted).enumerate() {
        let change = at.checked_sub(1).and_then(|at| CHANGES.get(at / 2)).unwrap_or(&"");
        ensure!(found == wanted, "after {change} the session returns what was before");
    }
    ensure!(texts.len() == wanted.len(), "{} results", texts.len());
    for (pair, change) in expected.windows(2).zip(CHANGES) {
        ensure!(pair[0] != pair[1], "{change} changes nothing in the document");
    }
    let calls = 1 + 2 * CHANGES.len();
    ensure!(*counts == format!("{calls}|{}", CHANGES.len()), "calls and calls without reading: {counts}");
    Ok(())
}

/// The cache does not mix up changes of a transaction, their rollback, and changes that it cannot see yet.
#[test]
fn a_transaction_sees_its_own_schema() -> Outcome {
    let database = quiet_views()?;
    let call = "SELECT md5(pgmeta_discover('t')::text)";
    let found = database.psql(&format!(
        "{call} AS before \\gset
         BEGIN; ALTER TABLE t.a ADD x int; {call} AS inside \\gset
         ROLLBACK; {call} AS after \\gset
         SELECT :'before' <> :'inside', :'before' = :'after';
         BEGIN ISOLATION LEVEL REPEATABLE READ; {call} AS one \\gset
         \\! true
         {call} AS two \\gset
         COMMIT;
         SELECT :'one' = :'before', :'two' = :'before'"
    ))?;
    same_text("transactions", "t|t\nt|t", &found)
}

#[test]
fn a_role_without_privileges_reads_the_same() -> Outcome {
    let database = quiet_views()?;
    database.psql(
        "DROP ROLE IF EXISTS discovery_reader; CREATE ROLE discovery_reader LOGIN; REVOKE ALL ON SCHEMA t FROM PUBLIC",
    )?;
    let call =
        "SELECT pgmeta_discover('t', '{\"sections\": [\"tables\", \"views\", \"relationships\", \"statistics\"]}')";
    let own = database.psql(call)?;
    let reader = database.run_as("discovery_reader", call)?;
    database.psql("DROP ROLE discovery_reader")?;
    ensure!(reader.ok, "{}", reader.stderr);
    same_text("the documents of two roles", &own, reader.stdout.trim_end_matches('\n'))
}

/// An object that the server cannot read is omitted and reported.
#[test]
fn an_unreadable_object_does_not_stop_discovery() -> Outcome {
    let Some(origin) = origin(Source::Fixture("sample_app"))? else { return Ok(()) };
    let database = Database::with_pgmeta("partial")?;
    database.load(&origin.export.replace("CREATE EXTENSION IF NOT EXISTS pgmeta", "--"))?;
    // The server cannot read it any more: the function of an index was deleted from the catalog.
    database.psql(
        "SET allow_system_table_mods = on; CREATE FUNCTION public.gone(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1';
         CREATE INDEX broken_idx ON app.order_lines (public.gone(quantity)); DELETE FROM pg_proc WHERE proname = 'gone'",
    )?;
    let failing = database.error("postgres", "SELECT pgmeta_discover('app')")?;
    ensure!(failing.contains("broken_idx"), "{failing}");
    let output = database.run_as("postgres", "SELECT pgmeta_discover('app', '{\"on_error\": \"warn\"}')")?;
    ensure!(
        output.ok && output.stderr.contains("WARNING") && output.stderr.contains("broken_idx"),
        "{}",
        output.stderr
    );
    let document: Value = serde_json::from_str(&output.stdout)?;
    let errors: BTreeMap<&str, &str> = document["errors"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|error| Some((error["type"].as_str()?, error["identity"].as_str()?)))
        .collect();
    ensure!(errors == BTreeMap::from([("index", "app.broken_idx")]), "{errors:?}");
    ensure!(document["tables"].as_array().is_some_and(|tables| tables.len() > 10), "the other tables are not there");
    Ok(())
}
