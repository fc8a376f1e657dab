-- Plans the way from the live schema to a snapshot, and runs the plan by its transactions:
--   psql -X -d DATABASE -v target=FILE.json [-v options=JSON] -f apply.sql
-- Unlike pgmeta_apply it runs what cannot run in a transaction (CREATE INDEX CONCURRENTLY), so that it is not all or
-- nothing: it stops at the first error, says what is done, and when it is run again it plans what is left. The options
-- are those of pgmeta_plan; allow_hazards, if it is there, lists all hazards that are accepted, and
-- expected_fingerprint is compared before anything is done. Needs psql 13 or later, sh, cat, mktemp and rm.
SELECT pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false) \g /dev/null
\set ON_ERROR_STOP on
\set SHOW_CONTEXT never
\set QUIET on
\if :{?target} \else
  DO $$ BEGIN RAISE 'the variable "target" is not set' USING HINT = 'Call psql with -v target=FILE.json.'; END $$;
\endif
\if :{?options} \else
  \set options '{}'
\endif

SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pgmeta') AS pgmeta_installed \gset
\if :pgmeta_installed \else
  DO $$ BEGIN RAISE 'pgmeta is not installed in this database' USING HINT = 'Run CREATE EXTENSION pgmeta.'; END $$;
\endif
SELECT pg_catalog.quote_ident(n.nspname) AS pgmeta_schema
FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pgmeta' \gset

\setenv PGMETA_TARGET :target
\set pgmeta_target `cat -- "$PGMETA_TARGET"`
SELECT :'pgmeta_target' <> '' AS pgmeta_read \gset
\if :pgmeta_read \else
  DO $$ BEGIN RAISE 'the target could not be read' USING ERRCODE = 'io_error', HINT = 'The shell''s message is above.'; END $$;
\endif

-- What must not be found out half way.
SELECT COALESCE(found <> expected, false) AS pgmeta_moved FROM (
  SELECT o ->> 'expected_fingerprint' AS expected,
    CASE WHEN o ->> 'expected_fingerprint' IS NOT NULL THEN :pgmeta_schema.pgmeta_fingerprint(
      (CASE WHEN pg_catalog.jsonb_typeof(o -> 'schemas') = 'array'
           THEN ARRAY(SELECT pg_catalog.jsonb_array_elements_text(o -> 'schemas')) END)::pg_catalog.text[]) END AS found
  FROM (SELECT :'options'::jsonb AS o) AS given) AS fingerprints \gset
\if :pgmeta_moved
  DO $$ BEGIN RAISE 'the schema has changed: its fingerprint is not the expected one'
    USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Look at the plan again.'; END $$;
\endif
SELECT COALESCE(pg_catalog.bool_or(NOT hazard = ANY (allowed)), false) AS pgmeta_refused,
  COALESCE(pg_catalog.string_agg(DISTINCT hazard, ', ') FILTER (WHERE NOT hazard = ANY (allowed)), '') AS pgmeta_hazards
FROM :pgmeta_schema.pgmeta_plan_live(:'pgmeta_target'::pg_catalog.jsonb, :'options'::pg_catalog.jsonb) AS p,
  pg_catalog.unnest(p.hazards) AS hazard,
  (SELECT ARRAY(SELECT pg_catalog.jsonb_array_elements_text(:'options'::jsonb -> 'allow_hazards')) AS allowed) AS a
WHERE :'options'::jsonb ? 'allow_hazards' \gset
\if :pgmeta_refused
  \warn 'hazards that are not allowed:' :pgmeta_hazards
  DO $$ BEGIN RAISE 'the plan has hazards that are not allowed'
    USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Name those that you accept in the option allow_hazards.'; END $$;
\endif

-- The plan as a script for psql. Statements stand in it as literals, which psql leaves alone, and are run by \gexec.
\set pgmeta_file `mktemp`
\setenv PGMETA_FILE :pgmeta_file
WITH steps AS (
  SELECT p.*, pg_catalog.count(*) OVER () AS steps,
    pg_catalog.lag(p.transaction) OVER (ORDER BY p.step) AS before,
    pg_catalog.lead(p.transaction) OVER (ORDER BY p.step) AS after,
    -- How much is committed when the step begins.
    CASE WHEN p.transaction IS NULL THEN p.step ELSE pg_catalog.min(p.step) OVER (PARTITION BY p.transaction) END - 1 AS done,
    pg_catalog.replace(pg_catalog.replace(pg_catalog.regexp_replace(p.statement, E'\\s+', ' ', 'g'), E'\\', E'\\\\'), '''', '''''') AS shown
  FROM :pgmeta_schema.pgmeta_plan_live(:'pgmeta_target'::pg_catalog.jsonb, :'options'::pg_catalog.jsonb) AS p
), failures AS (
  SELECT s.*, pg_catalog.concat_ws(E'\n', E'\\if :ERROR', CASE WHEN s.transaction IS NOT NULL THEN 'ROLLBACK;' END,
    E'\\set ON_ERROR_STOP on',
    pg_catalog.format(
      'DO $$ BEGIN RAISE ''step %s of %s failed, and %s'' USING HINT = ''Mend what the message above says and run apply.sql again: it plans what is left.''; END $$;',
      s.step, s.steps, CASE s.done WHEN 0 THEN 'nothing was done' WHEN 1 THEN 'only step 1 was done'
        ELSE 'only the steps 1 to ' || s.done || ' were done' END),
    E'\\endif', E'\\set ON_ERROR_STOP on') AS on_failure
  FROM steps AS s
)
SELECT line FROM (
  VALUES (0, 1, E'\\! rm -f -- "$PGMETA_FILE"'),
    (0, 2, 'SET search_path = pg_catalog, pg_temp; SET check_function_bodies = off; SET IntervalStyle = postgres; SET standard_conforming_strings = on;'),
    (0, 3, 'SET array_nulls = on; SET xmloption = content; SET default_tablespace = ''''; SET default_table_access_method = heap;')
  UNION ALL
  SELECT s.step, part.at, part.line
  FROM failures AS s, LATERAL (VALUES
    (1, CASE WHEN s.transaction IS NOT NULL AND s.transaction IS DISTINCT FROM s.before THEN 'BEGIN;' END),
    (2, pg_catalog.format(E'\\echo \'step %s of %s: %s\'', s.step, s.steps, s.shown)),
    (3, pg_catalog.format('SET lock_timeout = %s; SET statement_timeout = %s;', s.lock_timeout_ms, s.statement_timeout_ms)),
    (4, E'\\set ON_ERROR_STOP off'),
    (5, pg_catalog.format(E'SELECT %L \\gexec', s.statement)),
    (6, s.on_failure),
    (7, CASE WHEN s.transaction IS NOT NULL AND s.transaction IS DISTINCT FROM s.after
        THEN E'\\set ON_ERROR_STOP off\nCOMMIT;\n' || s.on_failure END)
  ) AS part (at, line)
  UNION ALL
  SELECT 2147483647, 1, pg_catalog.format(E'\\echo \'%s\'', CASE WHEN pg_catalog.count(*) = 0 THEN 'nothing to do' ELSE 'done' END) FROM steps
) AS script (step, at, line)
WHERE line IS NOT NULL ORDER BY step, at \g (format=unaligned tuples_only=on) :pgmeta_file
\i :pgmeta_file
\setenv PGMETA_FILE
\setenv PGMETA_TARGET
