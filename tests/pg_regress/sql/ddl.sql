-- pgmeta_ddl and pgmeta_object_ddl: the DDL of one object.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE regress_ddl_reader;
CREATE SCHEMA ddl_t;
COMMENT ON SCHEMA ddl_t IS 'it''s a \ test';
CREATE TYPE ddl_t.mood AS ENUM ('sad', 'it''s ok');
CREATE TYPE ddl_t.pair AS (a integer, "B b" text);
CREATE DOMAIN ddl_t.positive AS integer DEFAULT 1 CONSTRAINT is_positive CHECK (VALUE > 0);
CREATE COLLATION ddl_t.plain (provider = libc, locale = 'C');
CREATE TABLE ddl_t.customers (
    id integer CONSTRAINT customers_pkey PRIMARY KEY,
    name text DEFAULT 'none',
    mood ddl_t.mood
);
CREATE TABLE ddl_t.orders (
    id bigint GENERATED ALWAYS AS IDENTITY,
    customer_id integer,
    amount ddl_t.positive,
    note text COLLATE ddl_t.plain DEFAULT 'a' || 'b',
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT amount_small CHECK (amount < 1000),
    CONSTRAINT orders_customer FOREIGN KEY (customer_id) REFERENCES ddl_t.customers (id) ON DELETE CASCADE
);
COMMENT ON TABLE ddl_t.orders IS 'what customers want';
COMMENT ON COLUMN ddl_t.orders.note IS E'two\nlines';
GRANT SELECT ON ddl_t.orders TO regress_ddl_reader;
CREATE INDEX orders_note_idx ON ddl_t.orders (lower(note) DESC) WHERE note IS NOT NULL;
CREATE STATISTICS ddl_t.orders_stats (ndistinct) ON customer_id, amount FROM ddl_t.orders;
CREATE FUNCTION ddl_t.touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE UPDATE OF note ON ddl_t.orders FOR EACH ROW EXECUTE FUNCTION ddl_t.touch();
CREATE POLICY own_rows ON ddl_t.orders FOR SELECT TO regress_ddl_reader USING (customer_id = 1);
ALTER TABLE ddl_t.orders ENABLE ROW LEVEL SECURITY;
CREATE RULE no_delete AS ON DELETE TO ddl_t.customers DO INSTEAD NOTHING;
CREATE VIEW ddl_t.totals AS SELECT count(*) AS orders FROM ddl_t.orders;
CREATE MATERIALIZED VIEW ddl_t.counted AS SELECT 1 AS n WITH NO DATA;
CREATE SEQUENCE ddl_t.numbers AS integer INCREMENT 2 CYCLE;
CREATE TABLE ddl_t.parts (id integer, day date) PARTITION BY RANGE (day);
CREATE TABLE ddl_t.parts_1 PARTITION OF ddl_t.parts FOR VALUES FROM (MINVALUE) TO ('2026-01-01');
CREATE FUNCTION ddl_t.f(i integer) RETURNS integer LANGUAGE sql IMMUTABLE AS 'SELECT i';
CREATE FUNCTION ddl_t.f(t text) RETURNS text LANGUAGE sql AS 'SELECT t';
CREATE PROCEDURE ddl_t.run(INOUT n integer) LANGUAGE sql AS 'SELECT 1';
CREATE AGGREGATE ddl_t.add_up(integer) (SFUNC = int4pl, STYPE = integer, INITCOND = '0');
CREATE FUNCTION ddl_t.same(integer, integer) RETURNS boolean LANGUAGE sql AS 'SELECT $1 = $2';
CREATE FUNCTION ddl_t.minus(integer) RETURNS integer LANGUAGE sql AS 'SELECT -$1';
CREATE FUNCTION ddl_t.to_pair(text) RETURNS ddl_t.pair LANGUAGE sql AS 'SELECT 1, $1';
CREATE OPERATOR ddl_t.=== (LEFTARG = integer, RIGHTARG = integer, FUNCTION = ddl_t.same, COMMUTATOR = OPERATOR(ddl_t.===));
CREATE OPERATOR ddl_t.!- (RIGHTARG = integer, FUNCTION = ddl_t.minus);
CREATE CAST (text AS ddl_t.pair) WITH FUNCTION ddl_t.to_pair(text) AS ASSIGNMENT;
CREATE TEXT SEARCH DICTIONARY ddl_t.short (TEMPLATE = simple, STOPWORDS = english);
CREATE TEXT SEARCH CONFIGURATION ddl_t.words (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION ddl_t.words ADD MAPPING FOR asciiword WITH ddl_t.short;

-- By name.
SELECT pgmeta_ddl('ddl_t.orders');
SELECT pgmeta_ddl('DDL_T . "orders"') = pgmeta_ddl('ddl_t.orders');
SELECT pgmeta_ddl('ddl_t.parts_1');
SELECT pgmeta_ddl('ddl_t.f(int)');
SELECT pgmeta_ddl('ddl_t.run');
SELECT pgmeta_ddl('ddl_t.counted');
SELECT pgmeta_ddl('ddl_t', '{"dependents": false}');
SELECT pgmeta_ddl('ddl_t') LIKE '%CREATE TABLE ddl_t.orders%';
SELECT pgmeta_ddl('regress_ddl_reader');
SELECT pgmeta_object_ddl('extension', '{pgmeta}', options => '{"comments": false}');

-- By the search path, the earliest schema winning.
CREATE SCHEMA ddl_t2;
CREATE TABLE ddl_t2.orders (n integer);
SET search_path = ddl_t2, ddl_t, public;
SELECT pgmeta_ddl('orders');
SELECT pgmeta_ddl('customers');
RESET search_path;

-- By the OID alias types.
SELECT pgmeta_ddl('ddl_t.totals'::regclass);
SELECT pgmeta_ddl('ddl_t.numbers'::regclass);
SELECT pgmeta_ddl('ddl_t.orders_note_idx'::regclass);
SELECT pgmeta_ddl('ddl_t.f(text)'::regprocedure);
SELECT pgmeta_ddl('ddl_t.add_up(integer)'::regprocedure);
SELECT pgmeta_ddl('ddl_t.mood'::regtype);
SELECT pgmeta_ddl('ddl_t.pair'::regtype);
SELECT pgmeta_ddl('ddl_t.positive'::regtype);
SELECT pgmeta_ddl('ddl_t.===(integer,integer)'::regoperator);
SELECT pgmeta_ddl('ddl_t2'::regnamespace);
SELECT pgmeta_ddl('regress_ddl_reader'::regrole);
SELECT pgmeta_ddl('ddl_t.plain'::regcollation);
SELECT pgmeta_ddl('ddl_t.words'::regconfig);
SELECT pgmeta_ddl('ddl_t.short'::regdictionary);

-- By number: a relation, else the one object of another kind.
SELECT oid AS policy FROM pg_policy WHERE polname = 'own_rows' \gset
SELECT pgmeta_ddl(oid) = pgmeta_ddl('ddl_t.totals'), pgmeta_ddl(oid::bigint) = pgmeta_ddl('ddl_t.totals') FROM pg_class WHERE oid = 'ddl_t.totals'::regclass;
SELECT pgmeta_ddl(:policy);
SELECT pgmeta_ddl(:policy, '{"owner": false}');
SELECT bool_and(pgmeta_ddl(oid) = pgmeta_ddl(oid::regprocedure)) FROM pg_proc WHERE pronamespace = 'ddl_t'::regnamespace;
SELECT pgmeta_ddl('ddl_t.touch'::regproc, '{"owner": false}');
SELECT pgmeta_ddl('ddl_t.!-'::regoper);
SELECT pgmeta_ddl(4000000001);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl(4000000001::oid::regclass);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl(4000000001::oid::regprocedure);
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl(4000000001::oid::regrole);
\echo :LAST_ERROR_SQLSTATE

-- The system's own, by name: after the user's.
SELECT pgmeta_ddl('now', '{"owner": false}');
SELECT pgmeta_ddl('bool', '{"owner": false}');
SELECT pgmeta_ddl(name) LIKE 'CREATE %' FROM unnest(ARRAY['pg_class', 'pg_catalog.pg_class', 'information_schema.tables', 'int4']) name;
CREATE FUNCTION ddl_t.now() RETURNS integer LANGUAGE sql RETURN 1;
SET search_path = ddl_t, public;
SELECT pgmeta_ddl('now', '{"owner": false}');
RESET search_path;
DROP FUNCTION ddl_t.now();

-- By address.
SELECT pgmeta_object_ddl('table', '{ddl_t,customers}', options => '{"dependents": false}');
SELECT pgmeta_object_ddl('trigger', '{ddl_t,orders,touch}');
SELECT pgmeta_object_ddl('policy', '{ddl_t,orders,own_rows}');
SELECT pgmeta_object_ddl('rule', '{ddl_t,customers,no_delete}');
SELECT pgmeta_object_ddl('table constraint', '{ddl_t,orders,orders_pkey}');
SELECT pgmeta_object_ddl('table constraint', '{ddl_t,orders,orders_customer}');
SELECT pgmeta_object_ddl('default value', '{ddl_t,orders,note}');
SELECT pgmeta_object_ddl('domain constraint', '{ddl_t.positive}', '{is_positive}');
SELECT pgmeta_object_ddl('cast', '{text}', '{ddl_t.pair}');
SELECT pgmeta_object_ddl('operator', '{ddl_t,===}', '{integer,integer}');
SELECT pgmeta_object_ddl('operator', '{ddl_t,!-}', '{-,integer}');
SELECT pgmeta_object_ddl('operator', '{ddl_t,!-}', '{integer}');
SELECT pgmeta_object_ddl('statistics object', '{ddl_t,orders_stats}');
SELECT pgmeta_object_ddl('function', '{ddl_t,f}', '{text}', '{"owner": false}');
SELECT pgmeta_object_ddl('type', '{ddl_t.mood}', '{}', '{"owner": false}');

-- Options.
SELECT pgmeta_ddl('ddl_t.orders', '{"dependents": false, "owner": false, "privileges": false, "comments": false}');
SELECT pgmeta_ddl('ddl_t.customers', '{"sections": ["post-data"], "owner": false}');
SELECT pgmeta_ddl('ddl_t.f(int)', '{"if_not_exists": true, "owner": false}');
SELECT pgmeta_ddl('ddl_t.mood', NULL);

-- NULL for NULL.
SELECT pgmeta_ddl(NULL) IS NULL, pgmeta_ddl(NULL::text) IS NULL, pgmeta_ddl(NULL::oid) IS NULL, pgmeta_ddl(NULL::regclass) IS NULL, pgmeta_ddl(NULL::regrole, '{}') IS NULL,
    pgmeta_object_ddl(NULL, '{a}') IS NULL, pgmeta_object_ddl('table', NULL) IS NULL,
    pgmeta_object_ddl('schema', '{ddl_t2}', NULL, NULL) = pgmeta_ddl('ddl_t2');

-- Odd names.
CREATE SCHEMA "Odd ""S"" a/b.c";
CREATE TABLE "Odd ""S"" a/b.c"."select" ("User" text DEFAULT E'it''s \\ here', U&"new\000Aline" integer, "$$" integer);
CREATE INDEX "a;b--" ON "Odd ""S"" a/b.c"."select" ("$$");
CREATE FUNCTION "Odd ""S"" a/b.c"."F$"("in" integer) RETURNS text LANGUAGE sql AS $_$SELECT '$$'$_$;
SELECT pgmeta_ddl('"Odd ""S"" a/b.c"."select"', '{"owner": false}');
SELECT pgmeta_ddl('"Odd ""S"" a/b.c"."F$"(int)', '{"owner": false}');
SELECT pgmeta_object_ddl('index', ARRAY['Odd "S" a/b.c', 'a;b--']);
DROP SCHEMA "Odd ""S"" a/b.c" CASCADE;

-- Missing names: the nearest are in the hint.
SELECT pgmeta_ddl('ddl_t.custmers');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.xyzzyxyzzy');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.add_up(text)');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('a.b.xyzzyxyzzy');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('two words');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.===(integer,integer)');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl(1::regclass);
\echo :LAST_ERROR_SQLSTATE

-- Parts of objects: the call for each, or for what it belongs to.
SELECT pgmeta_ddl('own_rows');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('orders.touch');
SELECT pgmeta_ddl('ddl_t.orders.amount_small');
SELECT pgmeta_ddl('is_positive');
SELECT pgmeta_ddl('no_delete');
SELECT pgmeta_ddl('orders.note');
SELECT pgmeta_ddl('ddl_t.orders_pkey');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.orders_id_seq');
\echo :LAST_ERROR_SQLSTATE
CREATE TABLE ddl_t."a.b, c" (n integer CONSTRAINT "{odd}" CHECK (n > 0));
SELECT pgmeta_ddl('"{odd}"');
SELECT pgmeta_object_ddl('table constraint', '{ddl_t,"a.b, c","{odd}"}');
SELECT pgmeta_ddl('ddl_t.a."b, c"');
DROP TABLE ddl_t."a.b, c";

-- Ambiguous names: each call of the hint means one object.
SELECT pgmeta_ddl('ddl_t.f');
\echo :LAST_ERROR_SQLSTATE
CREATE FUNCTION ddl_t.customers() RETURNS integer LANGUAGE sql AS 'SELECT 1';
SELECT pgmeta_ddl('ddl_t.customers');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.customers()'::regprocedure, '{"owner": false}');
DROP FUNCTION ddl_t.customers();
SELECT pgmeta_ddl('ddl_t.===', '{"owner": false}');
\echo :LAST_ERROR_SQLSTATE

-- Addresses of nothing, and of what has no DDL of its own.
SELECT pgmeta_object_ddl('table', '{ddl_t,nope}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('trigger', '{ddl_t,orders,nope}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('schema', '{nope}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('gadget', '{a}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('trigger', '{ddl_t}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('table', '{}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('table', '{NULL,pg_class}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('function', '{ddl_t,f}', '{NULL}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('table column', '{ddl_t,orders,id}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('operator', '{ddl_t,!-}', '{text}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('pgmeta_version');
\echo :LAST_ERROR_SQLSTATE

-- Options that are none.
SELECT pgmeta_ddl('ddl_t.orders', '{"onwer": false}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.orders', '[]');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.orders', 'null');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.orders', '{"owner": "yes"}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_object_ddl('schema', '{ddl_t}', '{}', '{"secrets": "show"}');
\echo :LAST_ERROR_SQLSTATE

-- Without rights on the schema: by name what every role may see; by address as pg_get_object_address decides.
SET ROLE regress_ddl_reader;
SELECT pgmeta_ddl('ddl_t.customers', '{"dependents": false}');
SELECT pgmeta_object_ddl('trigger', '{ddl_t,orders,touch}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_ddl('ddl_t.orders'::regclass);
\echo :LAST_ERROR_SQLSTATE
-- Hints have the form that works without them.
SELECT pgmeta_ddl('ddl_t.custmers');
SELECT pgmeta_ddl('ddl_t.customers', '{"dependents": false}') <> '' AS works;
\set VERBOSITY terse
DO $$
BEGIN
    PERFORM pgmeta_ddl('own_rows');
EXCEPTION WHEN undefined_object THEN
    DECLARE
        hint text;
        answer text;
    BEGIN
        GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
        EXECUTE 'SELECT ' || substring(hint FROM 'pgmeta_ddl.*/') INTO answer;
        RAISE WARNING '% gives %', regexp_replace(hint, '\d+', 'N'), answer;
    END;
END
$$;
\set VERBOSITY default
RESET ROLE;

-- Where pgmeta is in no schema of the search_path, hints say its schema.
SET search_path = ddl_t;
SELECT public.pgmeta_ddl('ddl_t.custmers');
SELECT public.pgmeta_ddl('own_rows');
SELECT public.pgmeta_ddl('xyzzyxyzzy');
RESET search_path;

-- Readers work in a read-only transaction.
BEGIN READ ONLY;
SELECT length(pgmeta_ddl('ddl_t.orders')) > 0;
COMMIT;

DROP SCHEMA ddl_t, ddl_t2 CASCADE;
DROP ROLE regress_ddl_reader;
