//! Restores: into a changed parent, with the partition's properties, and into a separate table as a drill.

use std::fs;

use anyhow::{Context, Result, ensure};
use pgmeta_e2e::archives::{files, with_storage};
use pgmeta_e2e::{Database, Outcome, repository};
use serde_json::{Value, json};

const FORMATS: [&str; 4] = ["jsonl", "csv", "parquet", "binary"];

/// Archives `ev_1` and drops it; returns the archive's ID.
fn archived(database: &Database<'_>, format: &str) -> Result<String> {
    database
        .psql(&format!("SELECT pgmeta_archive('ev_1', 'cold', '{{\"format\": \"{format}\", \"retire\": \"drop\"}}')"))
}

fn attach(database: &Database<'_>, id: &str) -> Outcome {
    database.psql(&format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"))?;
    Ok(())
}

/// A table with one partition, recreated.
fn table(columns: &str) -> String {
    format!(
        "SET client_min_messages = error; DROP TABLE IF EXISTS ev, events CASCADE; DROP SCHEMA IF EXISTS elsewhere CASCADE; RESET client_min_messages;
        CREATE TABLE ev (at date NOT NULL, {columns}) PARTITION BY RANGE (at);
        CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');"
    )
}

/// A change of the parent, and the expected rows of its partition afterwards.
struct Change {
    columns: &'static str,
    rows: &'static str,
    change: &'static str,
    look: &'static str,
    expected: &'static str,
}

const CHANGES: &[Change] = &[
    Change {
        columns: "id int, n numeric(10,2), v varchar(3)",
        rows: "(1, 1.5, 'abc'), (NULL, NULL, NULL)",
        change: "ALTER TABLE ev ALTER id TYPE bigint, ALTER n TYPE numeric, ALTER v TYPE varchar(10)",
        look: "SELECT pg_typeof(id), id, n, v FROM ev ORDER BY id",
        expected: "bigint|1|1.50|abc\nbigint|||",
    },
    Change {
        columns: "t text, j text, u varchar(40)",
        rows: "('7', '{\"a\": 1}', '00000000-0000-0000-0000-000000000001')",
        change: "ALTER TABLE ev ALTER t TYPE int USING t::int, ALTER j TYPE jsonb USING j::jsonb, ALTER u TYPE uuid USING u::uuid",
        look: "SELECT t + 1, j -> 'a', u FROM ev",
        expected: "8|1|00000000-0000-0000-0000-000000000001",
    },
    Change {
        columns: "gone int, \"Gone, too\" text, kept text",
        rows: "(1, 'x', 'y')",
        change: "ALTER TABLE ev DROP gone, DROP \"Gone, too\"",
        look: "SELECT * FROM ev",
        expected: "2024-01-02|y",
    },
    Change {
        columns: "v int",
        rows: "(1), (2)",
        change: "ALTER TABLE ev ADD a text, ADD b text NOT NULL DEFAULT 'b', ADD \"C d\" int GENERATED ALWAYS AS IDENTITY, ADD e int DEFAULT 5 CHECK (e > 4)",
        look: "SELECT a, b, count(DISTINCT \"C d\"), e FROM ev GROUP BY 1, 2, 4; INSERT INTO ev_1 (at, v, \"C d\") OVERRIDING SYSTEM VALUE VALUES ('2024-01-03', 1, 100) RETURNING b, e",
        expected: "|b|2|5\nb|5",
    },
    Change {
        columns: "a int, g int GENERATED ALWAYS AS (a * 2) STORED",
        rows: "(1), (NULL)",
        change: "ALTER TABLE ev DROP g, ADD g bigint GENERATED ALWAYS AS (a * 3) STORED, ALTER a TYPE bigint",
        look: "SELECT a, g FROM ev ORDER BY 1",
        expected: "1|3\n|",
    },
    Change {
        columns: "a int, b int",
        rows: "(1, 9)",
        change: "ALTER TABLE ev DROP b, ADD b int GENERATED ALWAYS AS (a + 1) STORED",
        look: "SELECT a, b FROM ev; SELECT attgenerated FROM pg_attribute WHERE attrelid = 'ev_1'::regclass AND attname = 'b'",
        expected: "1|2\ns",
    },
    Change {
        columns: "\"Odd \"\"name\" text, dropped int, readded int",
        rows: "('x', 1, 2)",
        change: "ALTER TABLE ev DROP readded, ADD readded int; ALTER TABLE ev ALTER \"Odd \"\"name\" SET NOT NULL, ALTER \"Odd \"\"name\" SET DEFAULT 'd', ALTER \"Odd \"\"name\" SET STORAGE EXTERNAL, ALTER \"Odd \"\"name\" TYPE text COLLATE \"C\", ADD CONSTRAINT \"Not 1\" CHECK (dropped IS NOT NULL)",
        look: "SELECT \"Odd \"\"name\", dropped, readded FROM ev; SELECT attnotnull, attstorage, attcollation::regcollation, pg_get_expr(adbin, adrelid) FROM pg_attribute JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = 'ev_1'::regclass; SELECT conname, conislocal FROM pg_constraint WHERE conrelid = 'ev_1'::regclass AND contype = 'c'",
        // The column was replaced: its old name has no meaning.
        expected: "x|1|\nt|e|\"C\"|'d'::text\nNot 1|f",
    },
    Change {
        columns: "a int, b int, c text, d text",
        rows: "(1, 2, 'c', 'd')",
        change: "ALTER TABLE ev RENAME a TO x; ALTER TABLE ev RENAME b TO a; ALTER TABLE ev RENAME x TO b; ALTER TABLE ev DROP d; ALTER TABLE ev RENAME c TO d; ALTER TABLE ev ADD c text DEFAULT 'new', ALTER b TYPE bigint",
        look: "SELECT b, a, d, c FROM ev",
        expected: "1|2|c|new",
    },
    Change {
        columns: "v int, UNIQUE (at, v)",
        rows: "(1)",
        change: "CREATE INDEX later ON ev (v)",
        look: "SELECT count(*) FROM pg_index i JOIN pg_inherits h ON h.inhrelid = i.indexrelid WHERE indrelid = 'ev_1'::regclass",
        expected: "2",
    },
    Change {
        columns: "v int",
        rows: "(1)",
        change: "ALTER TABLE ev RENAME TO events; CREATE TABLE ev (at date NOT NULL) PARTITION BY RANGE (at)",
        look: "SELECT v FROM events",
        expected: "1",
    },
    Change {
        columns: "v int",
        rows: "(1)",
        change: "CREATE SCHEMA elsewhere; ALTER TABLE ev SET SCHEMA elsewhere",
        look: "SELECT v, tableoid::regclass FROM elsewhere.ev",
        expected: "1|ev_1",
    },
];

#[test]
fn partitions_are_restored_into_changed_parents() -> Outcome {
    let (database, _folder) = with_storage("restore_changes")?;
    for Change { columns, rows, change, look, expected } in CHANGES {
        for format in FORMATS {
            database.psql(&table(columns))?;
            let names = database.psql("SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute WHERE attrelid = 'ev_1'::regclass AND attnum > 1 AND attgenerated = ''")?;
            database.psql(&format!("INSERT INTO ev (at, {names}) SELECT '2024-01-02', * FROM (VALUES {rows}) v"))?;
            let id = archived(&database, format)?;
            database.psql(change)?;
            attach(&database, &id)?;
            let found = database.psql(look)?;
            ensure!(found == *expected, "{format}: {change}: {found}");
        }
    }
    Ok(())
}

/// No value is lost silently, and the error names the column.
#[test]
fn unconvertible_columns_are_errors_with_their_name() -> Outcome {
    let (database, _folder) = with_storage("restore_refusals")?;
    let refusals = [
        ("id bigint", "(5000000000)", "ALTER TABLE ev ALTER id TYPE int", "22003", "column id"),
        ("v text", "('x')", "ALTER TABLE ev ALTER v TYPE int USING 1", "22P02", "column v"),
        ("v text", "('long')", "ALTER TABLE ev ALTER v TYPE varchar(2) USING 'x'", "22001", "column v"),
        ("v int, w int", "(1, 2)", "ALTER TABLE ev ADD \"No value\" int NOT NULL", "23502", "column \"No value\""),
        ("v int", "(1)", "ALTER TABLE ev ADD CONSTRAINT \"Big v\" CHECK (v > 9)", "23514", "Big v"),
    ];
    for (columns, rows, change, code, what) in refusals {
        for format in FORMATS {
            database.psql(&table(columns))?;
            database.psql(&format!("INSERT INTO ev SELECT '2024-01-02', * FROM (VALUES {rows}) v"))?;
            let id = archived(&database, format)?;
            database.psql(change)?;
            let restore = format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')");
            let error = database.error("postgres", &restore)?;
            ensure!(error.contains(code) && error.contains(what), "{format}: {change}: {error}");
            let left = database.psql("SELECT to_regclass('ev_1') IS NULL")?;
            ensure!(left == "t", "{format}: {change}: something is left");
            database.psql(&format!("SELECT pgmeta_archive_restore({id}); DROP TABLE ev_1"))?;
        }
    }
    Ok(())
}

#[test]
fn formerly_generated_columns_keep_their_values() -> Outcome {
    let (database, _folder) = with_storage("restore_generated")?;
    for format in FORMATS {
        database.psql(&table("a int, g int GENERATED ALWAYS AS (a * 2) STORED"))?;
        database.psql("INSERT INTO ev VALUES ('2024-01-02', 4)")?;
        let id = archived(&database, format)?;
        database.psql("ALTER TABLE ev ALTER g DROP EXPRESSION")?;
        attach(&database, &id)?;
        let found = database.psql("SELECT a, g FROM ev; INSERT INTO ev VALUES ('2024-01-03', 1, 1) RETURNING g")?;
        ensure!(found == "4|8\n1", "{format}: {found}");
    }
    Ok(())
}

/// Archives of pgmeta 0.1.0, which have no properties, and no generated columns in CSV.
#[test]
fn archives_of_0_1_0_are_restored() -> Outcome {
    let (database, folder) = with_storage("restore_0_1_0")?;
    let fixtures = repository().join("tests/fixtures/archives_0_1_0");
    database.load_file(&fixtures.join("table.sql"))?;
    for format in ["jsonl", "csv", "parquet"] {
        fs::create_dir(folder.path().join(format))?;
        for file in fs::read_dir(fixtures.join(format))? {
            let file = file?.path();
            fs::copy(&file, folder.path().join(format).join(file.file_name().context("no name")?))?;
        }
    }
    let adopted = database.psql(
        "SELECT archive, split_part(manifest, '/', 1) FROM pgmeta_archive_adopt('cold') WHERE action = 'adopted'",
    )?;
    ensure!(adopted.lines().count() == 3, "{adopted}");
    let digest = |table: &str| {
        database.psql(&format!("SELECT count(*), md5(string_agg(r::text, ',' ORDER BY id)) FROM (SELECT id, at, t, n, m, p, d, j::text, b, i, a, pp, f, y, r FROM {table}) r"))
    };
    let wanted = digest("old")?;
    database.psql("DROP TABLE old_1")?;
    for line in adopted.lines() {
        let (id, format) = line.split_once('|').context("two columns")?;
        database.psql(&format!("SELECT pgmeta_archive_restore({id}, '{{\"into\": \"public.back\"}}')"))?;
        let found = digest("back")?;
        ensure!(found == wanted, "{format}: {found}, {wanted}");
        attach(&database, id)?;
        let found = digest("old")?;
        ensure!(found == wanted, "{format}: {found}, {wanted}");
        let computed = database.psql(
            "SELECT sum(g) = sum(id * 2) FROM old; DROP TABLE back, old_1; ALTER TABLE old ALTER g DROP EXPRESSION",
        )?;
        ensure!(computed == "t", "{format}: generated columns");
        let restore = format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')");
        if format == "csv" {
            let error = database.error("postgres", &restore)?;
            ensure!(error.contains("column g of public.old is not generated any more"), "{error}");
        } else {
            let kept = database.psql(&format!("{restore}; SELECT sum(g) = sum(id * 2) FROM old; DROP TABLE old_1"))?;
            ensure!(kept.ends_with('t'), "{format}: {kept}");
        }
        database.psql("ALTER TABLE old DROP g, ADD g int GENERATED ALWAYS AS (id * 2) STORED")?;
    }
    Ok(())
}

#[test]
fn tables_without_rows_or_columns_are_restored() -> Outcome {
    let (database, _folder) = with_storage("restore_empty")?;
    for format in FORMATS {
        database.psql(&table("v int"))?;
        let id = archived(&database, format)?;
        database.psql("ALTER TABLE ev ADD w int NOT NULL")?;
        attach(&database, &id)?;
        let found = database
            .psql("SELECT count(*), (SELECT relispartition FROM pg_class WHERE oid = 'ev_1'::regclass) FROM ev")?;
        ensure!(found == "0|t", "{format}: {found}");
    }
    Ok(())
}

/// The option `parent` overrides the record; it must name a partitioned table.
#[test]
fn restore_attaches_to_the_named_parent() -> Outcome {
    let (database, _folder) = with_storage("restore_parent")?;
    database.psql(&table("v int"))?;
    database.psql("INSERT INTO ev VALUES ('2024-01-02', 1)")?;
    let id = archived(&database, "jsonl")?;
    database.psql("DROP TABLE ev; CREATE SCHEMA mine; CREATE TABLE mine.\"The new\" (v bigint, at date NOT NULL) PARTITION BY RANGE (at); CREATE TABLE plain (at date)")?;
    let restore =
        |options: &str| format!("SET search_path = mine, public; SELECT pgmeta_archive_restore({id}, '{options}')");
    let refused = [
        ("{\"attach\": true}", "42P01", "The option parent names the table"),
        ("{\"attach\": true, \"parent\": \"public.plain\"}", "42809", "is not a partitioned table"),
        ("{\"attach\": true, \"parent\": \"nothing\"}", "42P01", "relation nothing does not exist"),
        ("{\"parent\": \"\\\"The new\\\"\"}", "22023", "option parent"),
    ];
    for (options, code, what) in refused {
        let error = database.error("postgres", &restore(options))?;
        ensure!(error.contains(code) && error.contains(what), "{options}: {error}");
    }
    database.psql(&restore("{\"attach\": true, \"parent\": \"\\\"The new\\\"\"}"))?;
    let found = database.psql("SELECT v, tableoid::regclass FROM mine.\"The new\"")?;
    ensure!(found == "1|ev_1", "{found}");
    Ok(())
}

/// A restore into another table does not change the state of the partition.
#[test]
fn restores_into_other_tables_do_not_change_states() -> Outcome {
    let (database, _folder) = with_storage("restore_drill")?;
    database.psql(&table("v int"))?;
    database.psql("INSERT INTO ev VALUES ('2024-01-02', 1); SELECT pgmeta_archive_policy_create('ev', 'ev', 'cold', interval '1 day'); CALL pgmeta_archive_run('ev')")?;
    database.psql("SELECT pgmeta_archive_restore(1, '{\"into\": \"public.drill\"}'); CALL pgmeta_archive_run('ev')")?;
    let found = database.psql("SELECT id, state FROM pgmeta.archives; SELECT state FROM pgmeta_archive_candidates('ev'); SELECT detail FROM pgmeta.archive_events WHERE state = 'restored'")?;
    ensure!(found == "1|stored\nstored\npublic.drill", "{found}");
    let id = archived(&database, "jsonl")?;
    database.psql(&format!("DROP TABLE drill; SELECT pgmeta_archive_restore({id}, '{{\"into\": \"public.drill\"}}'); CALL pgmeta_archive_run('ev')"))?;
    let found = database.psql("SELECT id, state FROM pgmeta.archives ORDER BY id")?;
    ensure!(found == "1|stored\n2|retired", "{found}");
    // Under its own name the table is restored, and the policy finds no partition.
    database.psql(&format!("SELECT pgmeta_archive_restore({id}); CALL pgmeta_archive_run('ev')"))?;
    let found = database.psql("SELECT id, state FROM pgmeta.archives ORDER BY id; SELECT count(*) FROM ev_1; SELECT count(*) FROM pgmeta_archive_candidates('ev')")?;
    ensure!(found == "1|stored\n2|restored\n1\n0", "{found}");
    Ok(())
}

/// Functions that call others without a schema, as applications do.
#[test]
fn the_option_search_path_applies_to_functions() -> Outcome {
    let (database, _folder) = with_storage("restore_path")?;
    let role = "e2e_restore_path";
    database.psql(&format!(
        "DO $$ BEGIN CREATE ROLE {role} LOGIN; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
        GRANT pgmeta_archive_operator, pg_write_server_files, pg_read_server_files TO {role};
        GRANT USAGE ON FOREIGN SERVER cold TO {role}; CREATE SCHEMA app AUTHORIZATION {role}; CREATE SCHEMA \"Odd, app\" AUTHORIZATION {role}"
    ))?;
    let tables = "CREATE FUNCTION \"Odd, app\".helper(text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT $1 $$;
        CREATE FUNCTION app.same(text) RETURNS text LANGUAGE plpgsql IMMUTABLE AS $$ BEGIN RETURN helper($1); END $$;
        SET search_path = app, \"Odd, app\";
        CREATE DOMAIN dm AS text CHECK (same(VALUE) <> '');
        CREATE TABLE c (at date NOT NULL, v text CHECK (same(v) = v)) PARTITION BY RANGE (at);
        CREATE TABLE g (at date NOT NULL, v text, w text GENERATED ALWAYS AS (same(v)) STORED) PARTITION BY RANGE (at);
        CREATE TABLE d (at date NOT NULL, v dm) PARTITION BY RANGE (at);
        CREATE TABLE i (at date NOT NULL, v text) PARTITION BY RANGE (at); CREATE INDEX ON i (same(v));
        CREATE TABLE k (at date NOT NULL, v text) PARTITION BY LIST (same(v));";
    database.run_as(role, tables)?.checked("tables")?;
    // Since PostgreSQL 17 the server sets the search_path itself when it builds indexes.
    let kinds: &[&str] = if database.psql("SHOW server_version_num")?.as_str() < "170000" {
        &["c", "g", "d", "i", "k"]
    } else {
        &["c", "g", "d", "k"]
    };
    for name in kinds {
        let bound = if *name == "k" { "IN ('a')" } else { "FROM ('2024-01-01') TO ('2024-02-01')" };
        for format in FORMATS {
            for caller in ["postgres", role] {
                let path = ", \"search_path\": \"app, \\\"Odd, app\\\"\"";
                let id = database.run_as(role, &format!(
                    "SET search_path = app, \"Odd, app\"; CREATE TABLE {name}_1 PARTITION OF {name} FOR VALUES {bound}; INSERT INTO {name} (at, v) VALUES ('2024-01-02', 'a');
                    SELECT public.pgmeta_archive('{name}_1', 'cold', '{{\"format\": \"{format}\", \"retire\": \"drop\"{path}}}')"
                ))?.checked("archive")?;
                let restore =
                    |more: &str| format!("SELECT pgmeta_archive_restore({}, '{{\"attach\": true{more}}}')", id.trim());
                let error = database.error(caller, &restore(""))?;
                ensure!(error.contains("helper(text) does not exist"), "{name}: {error}");
                let found = database.run_as(
                    caller,
                    &format!("{}; SHOW search_path; SELECT v FROM app.{name}; DROP TABLE app.{name}_1", restore(path)),
                )?;
                let found = found.checked("restore")?;
                ensure!(found.trim().ends_with("\"$user\", public\na"), "{name}: {format}: {caller}: {found}");
            }
        }
    }
    for path in ["a b", "pg_temp", "public, pg_temp_3", "public,"] {
        let error = database.error(
            "postgres",
            &format!("SELECT pgmeta_archive_restore(1, jsonb_build_object('search_path', '{path}'))"),
        )?;
        ensure!(error.contains("22023") && error.contains("search_path"), "{path}: {error}");
    }
    Ok(())
}

/// Properties of a partition, each with a query that shows it before archiving and after attaching again.
const OWN: &[(&str, &str, &str)] = &[
    (
        "owner",
        "ALTER TABLE ev_1 OWNER TO e2e_restore_other",
        "SELECT relowner::regrole FROM pg_class WHERE oid = 'ev_1'::regclass",
    ),
    (
        "grants",
        "GRANT SELECT ON ev_1 TO e2e_restore_reader WITH GRANT OPTION; GRANT UPDATE (v) ON ev_1 TO PUBLIC; GRANT INSERT (\"Odd \"\"v\") ON ev_1 TO e2e_restore_reader; REVOKE DELETE ON ev_1 FROM e2e_restore_owner",
        "SELECT relacl FROM pg_class WHERE oid = 'ev_1'::regclass; SELECT attname, attacl FROM pg_attribute WHERE attrelid = 'ev_1'::regclass AND attacl IS NOT NULL ORDER BY 1",
    ),
    (
        "row security",
        "ALTER TABLE ev_1 ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY; CREATE POLICY \"P 1\" ON ev_1 AS RESTRICTIVE FOR UPDATE TO e2e_restore_reader USING (v > 1) WITH CHECK (v > 2)",
        "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE oid = 'ev_1'::regclass; SELECT policyname, permissive, roles, cmd, qual, with_check FROM pg_policies WHERE tablename = 'ev_1'",
    ),
    (
        "replica identity",
        "ALTER TABLE ev_1 REPLICA IDENTITY USING INDEX \"ev_1 key\"",
        "SELECT relreplident, (SELECT indexrelid::regclass FROM pg_index WHERE indrelid = c.oid AND indisreplident) FROM pg_class c WHERE oid = 'ev_1'::regclass",
    ),
    (
        "full replica identity",
        "ALTER TABLE ev_1 REPLICA IDENTITY FULL",
        "SELECT relreplident FROM pg_class WHERE oid = 'ev_1'::regclass",
    ),
    (
        "indexes and constraints",
        "CREATE INDEX \"Own i\" ON ev_1 (lower(\"Odd \"\"v\")) WHERE v > 0; CREATE UNIQUE INDEX own_u ON ev_1 (v); ALTER TABLE ev_1 ADD CONSTRAINT own_c CHECK (v < 100), ADD CONSTRAINT own_k UNIQUE (at); ALTER TABLE ev_1 ADD CONSTRAINT own_f FOREIGN KEY (v) REFERENCES other (v) NOT VALID; ALTER TABLE ev_1 CLUSTER ON own_u",
        "SELECT indexdef FROM pg_indexes WHERE tablename = 'ev_1' ORDER BY 1; SELECT conname, pg_get_constraintdef(oid), coninhcount FROM pg_constraint WHERE conrelid = 'ev_1'::regclass ORDER BY 1; SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'ev_1'::regclass AND indisclustered",
    ),
    (
        "triggers",
        "CREATE TRIGGER own_t BEFORE INSERT ON ev_1 FOR EACH ROW EXECUTE FUNCTION nothing(); ALTER TABLE ev_1 DISABLE TRIGGER own_t; ALTER TABLE ev_1 DISABLE TRIGGER parents",
        "SELECT tgname, tgenabled, tgparentid <> 0 FROM pg_trigger WHERE tgrelid = 'ev_1'::regclass AND NOT tgisinternal ORDER BY 1",
    ),
    (
        "statistics and columns",
        "CREATE STATISTICS own_s (dependencies) ON v, at FROM ev_1; ALTER STATISTICS own_s SET STATISTICS 7; ALTER TABLE ev_1 ALTER v SET STATISTICS 50, ALTER v SET (n_distinct = 3), ALTER \"Odd \"\"v\" SET STORAGE EXTERNAL, ALTER \"Odd \"\"v\" SET DEFAULT 'own', ALTER \"Odd \"\"v\" SET NOT NULL",
        "SELECT stxname, stxkind, stxstattarget FROM pg_statistic_ext WHERE stxrelid = 'ev_1'::regclass; SELECT attname, attnotnull, attstattarget, attoptions, attstorage, pg_get_expr(adbin, adrelid) FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum WHERE attrelid = 'ev_1'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY 1",
    ),
    (
        "comments",
        "COMMENT ON TABLE ev_1 IS 'it''s'; COMMENT ON COLUMN ev_1.v IS 'v'; COMMENT ON INDEX \"ev_1 key\" IS 'k'; ALTER TABLE ev_1 ADD CONSTRAINT own_c CHECK (v < 100); COMMENT ON CONSTRAINT own_c ON ev_1 IS 'c'",
        "SELECT objsubid, description FROM pg_description WHERE objoid = 'ev_1'::regclass AND classoid = 'pg_class'::regclass AND objsubid = 0; SELECT col_description('ev_1'::regclass, attnum) FROM pg_attribute WHERE attrelid = 'ev_1'::regclass AND attname = 'v'; SELECT obj_description('\"ev_1 key\"'::regclass, 'pg_class'); SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'own_c'",
    ),
    (
        "storage parameters",
        "ALTER TABLE ev_1 SET (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_enabled = false)",
        "SELECT reloptions FROM pg_class WHERE oid = 'ev_1'::regclass; SELECT t.reloptions FROM pg_class c JOIN pg_class t ON t.oid = c.reltoastrelid WHERE c.oid = 'ev_1'::regclass",
    ),
    ("publications", "ALTER PUBLICATION \"Pub 1\" ADD TABLE ev_1", "SELECT prrelid::regclass FROM pg_publication_rel"),
];

const ROLES: &str = "SET client_min_messages = error;
DO $$ BEGIN CREATE ROLE e2e_restore_owner; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE e2e_restore_other; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE e2e_restore_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;";

/// A parent with a key, an index, a check and a trigger. The partition's key has another name.
const PARENT: &str = "SET client_min_messages = error; DROP TABLE IF EXISTS ev, other CASCADE; DROP PUBLICATION IF EXISTS \"Pub 1\"; RESET client_min_messages;
CREATE OR REPLACE FUNCTION nothing() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
GRANT CREATE ON SCHEMA public TO e2e_restore_owner, e2e_restore_other;
CREATE TABLE other (v int PRIMARY KEY); INSERT INTO other VALUES (1); GRANT REFERENCES ON other TO e2e_restore_owner, e2e_restore_other;
CREATE TABLE ev (at date NOT NULL, v int CHECK (v <> 0), \"Odd \"\"v\" text DEFAULT 'd', PRIMARY KEY (at, v)) PARTITION BY RANGE (at);
CREATE INDEX ev_v ON ev (v);
CREATE TABLE ev_1 PARTITION OF ev FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
ALTER TABLE ev_1 RENAME CONSTRAINT ev_1_pkey TO \"ev_1 key\"; ALTER INDEX ev_1_v_idx RENAME TO \"ev_1 v\";
CREATE TRIGGER parents AFTER INSERT ON ev FOR EACH ROW EXECUTE FUNCTION nothing();
INSERT INTO ev VALUES ('2024-01-02', 1, 'x');
CREATE PUBLICATION \"Pub 1\";
ALTER TABLE ev OWNER TO e2e_restore_owner; ALTER TABLE ev_1 OWNER TO e2e_restore_owner;";

#[test]
fn partitions_are_restored_with_their_properties() -> Outcome {
    let (database, _folder) = with_storage("restore_own")?;
    database.psql(ROLES)?;
    // These are checked for every kind of property.
    let always = "SELECT relowner::regrole FROM pg_class WHERE oid = 'ev'::regclass; SELECT indexrelid::regclass FROM pg_index WHERE indrelid = 'ev_1'::regclass ORDER BY indexrelid::regclass::text";
    for (kind, change, look) in OWN {
        for format in ["jsonl", "binary"] {
            database.psql(&format!("{PARENT} {change}"))?;
            let look = format!("{look}; {always}");
            let before = database.psql(&look)?;
            let id = archived(&database, format)?;
            let output =
                database.run_as("postgres", &format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"))?;
            ensure!(output.ok && !output.stderr.contains("WARNING"), "{kind}: {}", output.stderr);
            let after = database.psql(&look)?;
            ensure!(before == after, "{kind}: before:\n{before}\nafter:\n{after}");
            // Again from the restored table, with the same result.
            let id = archived(&database, format)?;
            attach(&database, &id)?;
            let again = database.psql(&look)?;
            ensure!(before == again, "{kind}: before:\n{before}\nagain:\n{again}");
        }
    }
    Ok(())
}

/// Into a table with another name, and without properties.
#[test]
fn properties_are_restored_under_another_name() -> Outcome {
    let (database, _folder) = with_storage("restore_own_name")?;
    database.psql(ROLES)?;
    database.psql(&format!("{PARENT} CREATE INDEX own_i ON ev_1 (v, at); GRANT SELECT ON ev_1 TO e2e_restore_reader; CREATE POLICY p ON ev_1; COMMENT ON TABLE ev_1 IS 'c'"))?;
    let id = archived(&database, "jsonl")?;
    database.psql("ALTER TABLE ev RENAME v TO \"V\"")?;
    let look = "SELECT count(*) FROM pg_indexes WHERE tablename = 'Other 1'; SELECT polname FROM pg_policy WHERE polrelid = '\"Other 1\"'::regclass; SELECT obj_description('\"Other 1\"'::regclass), has_table_privilege('e2e_restore_reader', '\"Other 1\"', 'SELECT'), relowner::regrole FROM pg_class WHERE oid = '\"Other 1\"'::regclass";
    for (properties, expected) in [("true", "3\np\nc|t|e2e_restore_owner"), ("false", "2\n|f|e2e_restore_owner")] {
        database.psql(&format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true, \"into\": \"public.\\\"Other 1\\\"\", \"properties\": {properties}}}')"))?;
        let found = database.psql(&format!("{look}; DROP TABLE \"Other 1\""))?;
        ensure!(found == expected, "{properties}: {found}");
    }
    Ok(())
}

/// Properties that cannot be restored are reported by name; the rows are restored.
#[test]
fn unrestorable_properties_are_reported() -> Outcome {
    let (database, _folder) = with_storage("restore_gone")?;
    database.psql(ROLES)?;
    database.psql("CREATE ROLE e2e_restore_gone; CREATE ROLE e2e_restore_gone_owner")?;
    database.psql(&format!(
        "{PARENT} GRANT SELECT ON ev_1 TO e2e_restore_gone, e2e_restore_reader; CREATE POLICY only_gone ON ev_1 TO e2e_restore_gone;
        CREATE FUNCTION gone(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1'; CREATE INDEX gone_i ON ev_1 (gone(v)); CREATE RULE own_r AS ON DELETE TO ev_1 DO INSTEAD NOTHING;
        ALTER PUBLICATION \"Pub 1\" ADD TABLE ev_1; ALTER TABLE ev_1 OWNER TO e2e_restore_gone_owner"
    ))?;
    let id = archived(&database, "jsonl")?;
    database.psql(
        "DROP FUNCTION gone(int); DROP PUBLICATION \"Pub 1\"; DROP ROLE e2e_restore_gone, e2e_restore_gone_owner",
    )?;
    let output =
        database.run_as("postgres", &format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"))?;
    ensure!(output.ok, "{}", output.stderr);
    for what in [
        "role e2e_restore_gone_owner, who owned the partition, is gone",
        "privileges of role e2e_restore_gone, which does not exist",
        "policy only_gone for role e2e_restore_gone, which does not exist",
        "gone(integer) does not exist",
        "rule own_r",
        "publication \"Pub 1\"",
    ] {
        ensure!(output.stderr.contains(what), "{what}: {}", output.stderr);
    }
    let found = database.psql("SELECT v FROM ev; SELECT relowner::regrole, has_table_privilege('e2e_restore_reader', oid, 'SELECT') FROM pg_class WHERE oid = 'ev_1'::regclass; SELECT count(*) FROM pg_policy WHERE polrelid = 'ev_1'::regclass")?;
    ensure!(found == "1\ne2e_restore_owner|t\n0", "{found}");
    // Nobody sees more rows than before: a restrictive policy is not omitted.
    database.psql(&format!("{PARENT} CREATE FUNCTION kept(int) RETURNS boolean IMMUTABLE LANGUAGE sql AS 'SELECT $1 > 0'; ALTER TABLE ev_1 ENABLE ROW LEVEL SECURITY; CREATE POLICY k ON ev_1 AS RESTRICTIVE USING (kept(v))"))?;
    let id = archived(&database, "jsonl")?;
    database.psql("DROP FUNCTION kept(int)")?;
    let error = database.error("postgres", &format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"))?;
    ensure!(error.contains("42883") && error.contains("CREATE POLICY k") && error.contains("properties"), "{error}");
    database.psql(&format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true, \"properties\": false}}')"))?;
    Ok(())
}

/// Changes a manifest.
type Tamper<'a> = &'a dyn Fn(&mut Value);

/// The author of a manifest gains no rights by it, even if its hash is recorded, as for an adopted archive.
#[test]
fn manifests_give_no_rights_to_their_author() -> Outcome {
    const DEED: &str = "ALTER ROLE e2e_restore_owner SUPERUSER";
    let (database, folder) = with_storage("restore_hostile")?;
    database.psql(ROLES)?;
    database.psql(&format!(
        "{PARENT} CREATE TABLE seen (who name); GRANT ALL ON seen TO PUBLIC;
        CREATE FUNCTION note() RETURNS boolean LANGUAGE plpgsql AS $$ BEGIN INSERT INTO public.seen VALUES (current_user);
            BEGIN EXECUTE '{DEED}'; EXCEPTION WHEN OTHERS THEN NULL; END; RETURN true; END $$;"
    ))?;
    let id = archived(&database, "jsonl")?;
    let manifest = files(folder.path())?
        .into_iter()
        .find(|path| path.to_string_lossy().ends_with("manifest.json"))
        .context("no manifest")?;
    let original: Value = serde_json::from_str(&fs::read_to_string(&manifest)?)?;
    let check = |expression: &str| json!({"schema": "public", "table": "ev_1", "name": "hostile", "kind": "check", "expression": expression});
    let tampered: [(&str, Tamper<'_>, bool); 8] = [
        (
            "a check that adds a command",
            &|m| {
                m["properties"]["snapshot"]["constraints"] =
                    json!([check("true), OWNER TO hostile_owner, ADD CHECK (true")])
            },
            true,
        ),
        (
            "a filter that adds a table",
            &|m| {
                m["properties"]["publications"] =
                    json!([{"name": "Pub 1", "row_filter": "true), TABLE public.seen WHERE (true"}])
            },
            true,
        ),
        ("a type", &|m| m["columns"][0]["data_type"] = json!(format!("date); {DEED}; --")), false),
        (
            "a type with a default",
            &|m| {
                m["columns"][0]["data_type"] = json!("date DEFAULT CASE WHEN public.note() THEN '2024-01-01'::date END")
            },
            false,
        ),
        (
            "a bound",
            &|m| m["bound"] = json!(format!("FOR VALUES FROM ('2024-01-01') TO ('2024-02-01'); {DEED}")),
            false,
        ),
        (
            "a check with more behind it",
            &|m| m["properties"]["snapshot"]["constraints"] = json!([check(&format!("true); {DEED}; --"))]),
            true,
        ),
        ("a check", &|m| m["properties"]["snapshot"]["constraints"] = json!([check("public.note()")]), true),
        (
            "a publication",
            &|m| {
                m["properties"]["publications"] = json!([{"name": "Pub 1", "row_filter": format!("true); {DEED}; --")}])
            },
            true,
        ),
    ];
    let major = pgmeta_e2e::server()?.major()?;
    for (what, tamper, restores) in tampered {
        // PostgreSQL 14 has no row filters.
        let is_filter = matches!(what, "a filter that adds a table" | "a publication");
        let refusal = if major < 15 && is_filter { "syntax error" } else { "is not one statement" };
        let mut document = original.clone();
        tamper(&mut document);
        fs::write(&manifest, document.to_string())?;
        database.psql(&format!(
            "UPDATE pgmeta.archive_records SET manifest_sha256 = encode(sha256(pg_read_binary_file('{}')), 'hex')",
            manifest.display()
        ))?;
        let output =
            database.run_as("postgres", &format!("SELECT pgmeta_archive_restore({id}, '{{\"attach\": true}}')"))?;
        ensure!(output.ok == restores, "{what}: {}", output.stderr);
        ensure!(what == "a check" || !restores || output.stderr.contains(refusal), "{what}: {}", output.stderr);
        let found = database.psql("SELECT rolsuper FROM pg_roles WHERE rolname = 'e2e_restore_owner'; SELECT DISTINCT who FROM seen; DROP TABLE IF EXISTS ev_1; DELETE FROM seen")?;
        let expected = if what == "a check" { "f\ne2e_restore_owner" } else { "f" };
        ensure!(found == expected, "{what}: {found}");
    }
    Ok(())
}

/// Attaching evaluates casts for foreign keys and the keys of all levels: this code runs as the parent's owner.
#[test]
fn attaching_runs_code_as_the_owner_of_the_parent() -> Outcome {
    let (database, _folder) = with_storage("restore_code")?;
    database.psql(ROLES)?;
    database.psql(
        "CREATE SCHEMA own AUTHORIZATION e2e_restore_owner; SET ROLE e2e_restore_owner;
        CREATE TABLE own.seen (who name); GRANT ALL ON own.seen TO PUBLIC; GRANT USAGE ON SCHEMA own TO PUBLIC;
        CREATE TYPE own.e AS ENUM ('1', '2');
        CREATE FUNCTION own.as_int(own.e) RETURNS int LANGUAGE plpgsql AS $$ BEGIN INSERT INTO own.seen VALUES (current_user); RETURN $1::text::int; END $$;
        CREATE CAST (own.e AS int) WITH FUNCTION own.as_int(own.e) AS IMPLICIT;
        CREATE TABLE own.k (id int PRIMARY KEY); INSERT INTO own.k VALUES (1), (2);
        CREATE TABLE own.f (d date, x own.e REFERENCES own.k) PARTITION BY RANGE (d);
        CREATE TABLE own.f1 PARTITION OF own.f FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); INSERT INTO own.f VALUES ('2020-02-02', '1');
        CREATE FUNCTION own.note() RETURNS void LANGUAGE plpgsql AS 'BEGIN INSERT INTO own.seen VALUES (current_user); END';
        CREATE FUNCTION own.same(int) RETURNS int IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM own.note(); RETURN $1; END';
        CREATE TABLE own.g (d date, x int) PARTITION BY RANGE (own.same(x));
        CREATE TABLE own.g1 PARTITION OF own.g FOR VALUES FROM (0) TO (100) PARTITION BY RANGE (d);
        CREATE TABLE own.g11 PARTITION OF own.g1 FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); INSERT INTO own.g VALUES ('2020-02-02', 1)",
    )?;
    for partition in ["own.f1", "own.g11"] {
        let seen = database.psql(&format!(
            "SELECT pgmeta_archive('{partition}', 'cold', '{{\"retire\": \"drop\"}}') AS id \\gset
            DELETE FROM own.seen; SELECT pgmeta_archive_restore(:id, '{{\"attach\": true}}') AS back \\gset
            SELECT DISTINCT who FROM own.seen"
        ))?;
        ensure!(seen == "e2e_restore_owner", "{partition}: {seen}");
    }
    Ok(())
}
