-- pgmeta_dialect_sql and pgmeta_dialect_losses: arguments, NULLs, odd names, a caller without rights.
SET client_min_messages = warning;
CREATE ROLE regress_dialect_reader;
CREATE SCHEMA dialect_t;
CREATE TYPE dialect_t.mood AS ENUM ('<b>', 'it''s');
CREATE TABLE dialect_t.parents (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, mood dialect_t.mood DEFAULT 'it''s', "Odd ""name" varchar(20) UNIQUE, price numeric(10,2) CHECK (price > 0));
CREATE TABLE dialect_t.children (parent bigint NOT NULL REFERENCES dialect_t.parents ON DELETE CASCADE, at timestamptz DEFAULT now(), tags text[]);
CREATE INDEX ON dialect_t.children (at) WHERE parent > 0;
CREATE VIEW dialect_t.seen AS SELECT p.id, p.price FROM dialect_t.parents p JOIN dialect_t.children c ON c.parent = p.id WHERE p.price > 1;
CREATE FUNCTION dialect_t.twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * $1';
COMMENT ON TABLE dialect_t.parents IS 'Counted';

SELECT pgmeta_dialect_sql('dialect_t', 'sqlite') \g (format=unaligned tuples_only=on)
SELECT pgmeta_dialect_sql('{dialect_t}'::text[], 'mariadb', '{"drop": true, "prefix": true}') \g (format=unaligned tuples_only=on)
SELECT pgmeta_dialect_sql(pgmeta_snapshot('dialect_t'), 'mssql') \g (format=unaligned tuples_only=on)
SELECT pgmeta_dialect_sql(pgmeta_snapshot('dialect_t')::text, 'mysql') = pgmeta_dialect_sql('dialect_t', 'mysql') AS same;
SELECT * FROM pgmeta_dialect_losses('dialect_t', 'sqlite');
SELECT count(*) > 0 AS has_losses FROM pgmeta_dialect_losses('{dialect_t}'::text[], 'mssql');
SELECT count(*) > 0 AS has_losses FROM pgmeta_dialect_losses(pgmeta_snapshot('dialect_t'), 'mysql');

-- NULLs.
SELECT pgmeta_dialect_sql('dialect_t'::text, NULL), pgmeta_dialect_sql(NULL::jsonb, 'sqlite'), pgmeta_dialect_sql(NULL::text, 'sqlite') IS NOT NULL AS whole;
SELECT count(*) FROM pgmeta_dialect_losses(NULL::jsonb, 'sqlite');

-- Errors.
SELECT pgmeta_dialect_sql('dialect_t'::text, 'oracle');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_dialect_sql('dialect_t'::text, 'sqlite', '{"nosuch": 1}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_dialect_sql('nosuch'::text, 'sqlite');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_dialect_losses('{"tables": 1}'::jsonb, 'sqlite');
\echo :LAST_ERROR_SQLSTATE

-- A caller without rights reads the catalog as everyone.
SET ROLE regress_dialect_reader;
SELECT pgmeta_dialect_sql('dialect_t', 'sqlite') LIKE '%parents%' AS reads;
RESET ROLE;

DROP SCHEMA dialect_t CASCADE;
DROP ROLE regress_dialect_reader;
