//! Rule missing_lock_timeout knows the strong locks that the server takes: each statement is run, and its locks are compared.

use std::fmt::Write;

use anyhow::{Result, ensure};
use pgmeta_e2e::{Database, Outcome};

use super::quoted;

/// What exists before each statement.
const SETUP: &str = "
CREATE SCHEMA app; CREATE SCHEMA other;
CREATE TABLE app.customers (id int PRIMARY KEY, name text);
CREATE TABLE app.orders (id int PRIMARY KEY, customer int CONSTRAINT of_customer REFERENCES app.customers, note text,
  CONSTRAINT noted CHECK (note <> '') NOT VALID);
CREATE INDEX orders_note ON app.orders (note);
CREATE FUNCTION app.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch();
CREATE POLICY own ON app.orders USING (true);
CREATE RULE quiet AS ON DELETE TO app.orders DO ALSO NOTHING;
CREATE VIEW app.names AS SELECT id, name FROM app.customers;
CREATE MATERIALIZED VIEW app.counts AS SELECT count(*) AS n FROM app.orders;
CREATE TABLE app.events (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE app.events_2025 PARTITION OF app.events FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
CREATE TABLE app.logs (at date NOT NULL) PARTITION BY RANGE (at);
CREATE TABLE app.logs_rest PARTITION OF app.logs DEFAULT;
CREATE TABLE app.logs_2025 (at date NOT NULL);
CREATE SEQUENCE app.numbers;
CREATE TABLE app.base (note text);
CREATE STATISTICS app.facts ON id, customer FROM app.orders;
CREATE DOMAIN app.mail AS text; ALTER DOMAIN app.mail ADD CONSTRAINT sent CHECK (value <> 'x') NOT VALID;
CREATE EXTENSION citext SCHEMA public; CREATE TABLE other.folded (word public.citext);
CREATE TYPE app.mood AS ENUM ('good');
CREATE TABLE app.letters (sender app.mail, moods app.mood[]);
CREATE TABLE before AS SELECT oid, oid::regclass::text AS name, relkind, relnamespace::regnamespace::text AS schema FROM pg_class;
";

const STATEMENTS: &[&str] = &[
    "ALTER TABLE app.orders ADD remark text",
    "ALTER TABLE app.orders DROP note",
    "ALTER TABLE app.orders ALTER note TYPE varchar",
    "ALTER TABLE app.orders ALTER note SET DEFAULT 'x'",
    "ALTER TABLE app.orders ALTER note SET STATISTICS 10",
    "ALTER TABLE app.orders ALTER note SET STORAGE plain",
    "ALTER TABLE app.orders SET (fillfactor = 50)",
    "ALTER TABLE app.orders VALIDATE CONSTRAINT noted",
    "ALTER TABLE app.orders RENAME CONSTRAINT noted TO is_noted",
    "ALTER TABLE app.orders RENAME note TO text",
    "ALTER TABLE app.orders RENAME TO purchases",
    "ALTER TABLE app.orders SET SCHEMA other",
    "ALTER TABLE app.orders OWNER TO CURRENT_USER",
    "ALTER TABLE app.orders CLUSTER ON orders_pkey",
    "ALTER TABLE app.orders SET WITHOUT CLUSTER",
    "ALTER TABLE app.orders DISABLE TRIGGER touch",
    "ALTER TABLE app.orders ENABLE ROW LEVEL SECURITY",
    "ALTER TABLE app.orders REPLICA IDENTITY FULL",
    "ALTER TABLE app.orders DROP CONSTRAINT of_customer",
    "ALTER TABLE app.orders ADD FOREIGN KEY (id) REFERENCES app.customers NOT VALID",
    "ALTER TABLE app.events ADD n int",
    "ALTER TABLE app.logs ATTACH PARTITION app.logs_2025 FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
    "ALTER TABLE app.events DETACH PARTITION app.events_2025",
    "CREATE TABLE app.new (id int)",
    "CREATE TABLE IF NOT EXISTS app.orders (id int)",
    "CREATE TABLE app.new (id int REFERENCES app.customers)",
    "CREATE TABLE app.new (id int PRIMARY KEY, parent int REFERENCES app.new)",
    "CREATE TABLE app.new (id int, FOREIGN KEY (id) REFERENCES app.customers)",
    "CREATE TABLE app.new (LIKE app.orders INCLUDING ALL)",
    "CREATE TABLE app.new () INHERITS (app.customers)",
    "CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')",
    "CREATE TABLE app.new AS SELECT * FROM app.orders",
    "SELECT * INTO app.new FROM app.orders",
    "CREATE INDEX ON app.orders (customer)",
    "CREATE INDEX ON ONLY app.events (at)",
    "CREATE UNIQUE INDEX ON app.customers (name)",
    "DROP INDEX app.orders_note",
    "ALTER INDEX app.orders_note RENAME TO by_note",
    "ALTER INDEX app.orders_note SET (fillfactor = 50)",
    "REINDEX INDEX app.orders_note",
    "REINDEX TABLE app.orders",
    "CLUSTER app.orders USING orders_pkey",
    "CREATE STATISTICS app.more ON id, note FROM app.orders",
    "DROP STATISTICS app.facts",
    "ANALYZE app.orders",
    "COMMENT ON TABLE app.orders IS 'x'",
    "GRANT SELECT ON app.orders TO PUBLIC",
    "CREATE TRIGGER other BEFORE UPDATE ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch()",
    "CREATE OR REPLACE TRIGGER touch BEFORE INSERT ON app.orders FOR EACH ROW EXECUTE FUNCTION app.touch()",
    "ALTER TRIGGER touch ON app.orders RENAME TO touched",
    "DROP TRIGGER touch ON app.orders",
    "CREATE POLICY other ON app.orders USING (true)",
    "ALTER POLICY own ON app.orders USING (false)",
    "ALTER POLICY own ON app.orders RENAME TO mine",
    "DROP POLICY own ON app.orders",
    "CREATE RULE loud AS ON UPDATE TO app.orders DO ALSO NOTHING",
    "ALTER RULE quiet ON app.orders RENAME TO silent",
    "DROP RULE quiet ON app.orders",
    "CREATE VIEW app.new AS SELECT * FROM app.orders",
    "CREATE OR REPLACE VIEW app.new AS SELECT * FROM app.orders",
    "CREATE OR REPLACE VIEW app.names AS SELECT id, name FROM app.customers WHERE id > 0",
    "ALTER VIEW app.names SET (security_barrier = true)",
    "ALTER VIEW app.names ALTER name SET DEFAULT 'x'",
    "ALTER VIEW app.names RENAME name TO title",
    "ALTER VIEW app.names RENAME TO titles",
    "ALTER VIEW app.names SET SCHEMA other",
    "DROP VIEW app.names",
    "CREATE MATERIALIZED VIEW app.new AS SELECT * FROM app.orders",
    "REFRESH MATERIALIZED VIEW app.counts",
    "ALTER MATERIALIZED VIEW app.counts RENAME TO numbers_of",
    "DROP MATERIALIZED VIEW app.counts",
    "CREATE SEQUENCE app.more_numbers",
    "CREATE FUNCTION app.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE SCHEMA made CREATE TABLE inside (id int PRIMARY KEY) CREATE TABLE second (id int REFERENCES inside)",
    "CREATE SCHEMA made CREATE TABLE inside (id int REFERENCES app.customers)",
    "CREATE TABLE IF NOT EXISTS app.orders (id int REFERENCES app.customers)",
    "ALTER TABLE app.orders INHERIT app.base",
    "DROP SCHEMA app CASCADE",
    "LOCK TABLE app.orders IN SHARE MODE NOWAIT",
    "DROP TABLE app.orders CASCADE",
    "TRUNCATE app.orders",
    "LOCK TABLE app.orders IN ACCESS SHARE MODE",
    "LOCK TABLE app.orders IN SHARE MODE",
    "ALTER DOMAIN app.mail SET NOT NULL",
    "ALTER DOMAIN app.mail DROP NOT NULL",
    "ALTER DOMAIN app.mail SET DEFAULT ''",
    "ALTER DOMAIN app.mail ADD CHECK (value <> '')",
    "ALTER DOMAIN app.mail ADD CHECK (value <> '') NOT VALID",
    "ALTER DOMAIN app.mail VALIDATE CONSTRAINT sent",
    "ALTER DOMAIN app.mail DROP CONSTRAINT sent",
    "ALTER TYPE app.mood RENAME VALUE 'good' TO 'fair'",
    "DROP DOMAIN app.mail CASCADE",
    "DROP TYPE app.mood CASCADE",
    "DROP EXTENSION citext CASCADE",
    "DROP TABLE IF EXISTS app.nothing",
    "DROP TRIGGER IF EXISTS nothing ON app.orders",
    "DROP TRIGGER IF EXISTS touch ON app.orders",
    "DROP POLICY IF EXISTS nothing ON app.orders",
    "DROP RULE IF EXISTS nothing ON app.orders",
    "DROP RULE IF EXISTS quiet ON app.orders",
    "DROP INDEX IF EXISTS app.nothing",
    "INSERT INTO app.customers VALUES (1, 'a')",
    "UPDATE app.customers SET name = 'b'",
];

/// The relations that existed before and that the transaction has locked against writing, and whether one is a table or a view.
const LOCKED: &str = "SELECT coalesce(bool_or(b.relkind IN ('r', 'p', 'v', 'm', 'f')), false), coalesce(string_agg(DISTINCT b.name, ' '), '')
  FROM pg_locks l JOIN public.before b ON b.oid = l.relation
  WHERE l.pid = pg_backend_pid() AND b.schema IN ('app', 'other')
    AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')";

#[test]
fn strong_locks_are_those_of_the_server() -> Outcome {
    let database = Database::with_pgmeta("lint_locks")?;
    database.psql(SETUP)?;
    let mut wrong = String::new();
    for statement in STATEMENTS {
        let found = database.psql(&format!(
            "SELECT coalesce(string_agg(detail, ' '), 'none') FROM pgmeta_lint_sql({}, '{{\"rules\": [\"missing_lock_timeout\"]}}')",
            quoted(statement)
        ))?;
        // The names after the statement: those of renamed relations are new ones.
        let output = database.psql(&format!("BEGIN;\n\\o /dev/null\n{statement};\n\\o\n{LOCKED};\nROLLBACK;"))?;
        let (is_locked, names) = output.split_once('|').unwrap_or_default();
        // A lock without waiting needs no timeout.
        let waits = !statement.ends_with("NOWAIT");
        if (found != "none") != (is_locked == "t" && waits) {
            writeln!(wrong, "{statement}\n  the server locks: {names}\n  the rule says: {found}")?;
        }
    }
    ensure!(wrong.is_empty(), "{wrong}");
    Ok(())
}

/// A lock_timeout counts only where it is in force.
#[test]
fn a_timeout_counts_while_it_is_in_force() -> Outcome {
    let database = Database::with_pgmeta("lint_timeouts")?;
    database.psql(SETUP)?;
    let found = |script: &str| -> Result<bool> {
        let script = quoted(&format!("{script}; ALTER TABLE app.orders ADD remark text"));
        let count =
            format!("SELECT count(*) FROM pgmeta_lint_sql({script}, '{{\"rules\": [\"missing_lock_timeout\"]}}')");
        Ok(database.psql(&count)? != "0")
    };
    for (script, expected) in [
        ("BEGIN; SET LOCAL lock_timeout = '2s'; ALTER TABLE app.base ADD a int; COMMIT", true),
        ("SET lock_timeout = '2s'; DISCARD ALL", true),
        ("SELECT set_config('search_path', 'app', false), set_config('lock_timeout', '2s', false)", false),
        ("SET lock_timeout = '2s'", false),
        ("SELECT set_config('lock_timeout', '2s', false)", false),
        ("SELECT pg_catalog.set_config('lock_timeout', '0', false)", true),
        ("SET LOCAL lock_timeout = '2s'", true),
        ("BEGIN; SET LOCAL lock_timeout = '2s'", false),
        ("BEGIN; SELECT set_config('lock_timeout', '2s', true); COMMIT", true),
        ("BEGIN; SET lock_timeout = '2s'; ROLLBACK", true),
        ("SET lock_timeout = '2s'; BEGIN; SET LOCAL lock_timeout = 0; COMMIT", false),
        ("SET lock_timeout = '2s'; RESET lock_timeout", true),
    ] {
        ensure!(found(script)? == expected, "{script}: {}", !expected);
    }
    Ok(())
}
