-- Plans the changes from the live schema to a snapshot and runs the plan, transaction by transaction:
--   psql -X -d DATABASE -v target=FILE.json [-v allow_hazards=LIST] [-v dry_run=1] [-v options=JSON] -f apply.sql
-- With -v snapshot=NAME the target is a saved snapshot. Unlike pgmeta_apply, the script runs statements that cannot run in a transaction
-- (CREATE INDEX CONCURRENTLY), so it is not atomic. It stops at the first error and reports the steps that are done. If you run it
-- again, it plans the remaining changes. Like pgmeta_apply, it refuses hazards that are not allowed. allow_hazards, the variable (a
-- comma-separated list) or the option, allows them. A dry run prints the plan and changes nothing. The options are those of pgmeta_plan;
-- expected_fingerprint is checked before the first statement. Requires psql 13 or later, sh, cat, mktemp and rm.

SELECT pg_catalog.current_setting('search_path') AS pgmeta_path, pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false) AS pgmeta_pin \gset

-- Restores the session's settings. psql reads ON_ERROR_STOP at the beginning of a line: a line that may fail resets it itself and
-- still ends the script.
\set pgmeta_stop :ON_ERROR_STOP
\set pgmeta_quiet :QUIET
\set pgmeta_back 'SELECT pg_catalog.set_config(\'search_path\', :\'pgmeta_path\', false) \\g /dev/null'

-- Ignores variables of an earlier run, or of export.sql.
\set pgmeta_message ''
\set pgmeta_unknown ''
\if :{?schema} \set pgmeta_unknown schema \endif
\if :{?schemas} \set pgmeta_unknown schemas \endif
\if :{?option} \set pgmeta_unknown option \endif
\if :{?hazards} \set pgmeta_unknown hazards \endif
\if :{?dryrun} \set pgmeta_unknown dryrun \endif
\if :{?snapshot}
\elif :{?target}
\else
  \set pgmeta_message 'the variable "target" is not set'
  \set pgmeta_hint 'Call psql with -v target=FILE.json, or with -v snapshot=NAME for a saved snapshot.'
\endif
\if :{?allow_hazards} \set pgmeta_allowed :allow_hazards \else \set pgmeta_allowed '' \endif
\if :{?dry_run} \set pgmeta_dry_run :dry_run \else \set pgmeta_dry_run off \endif
\if :{?options} \set pgmeta_options :options \else \set pgmeta_options '{}' \endif
SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pgmeta') AS pgmeta_installed,
  :'pgmeta_unknown' <> '' AS pgmeta_misspelt \gset
\if :pgmeta_installed \else
  \set pgmeta_message 'pgmeta is not installed in this database'
  \set pgmeta_hint 'Run CREATE EXTENSION pgmeta.'
\endif
\if :pgmeta_misspelt
  SELECT pg_catalog.format('apply.sql has no variable "%s"', :'pgmeta_unknown') AS pgmeta_message,
    'Its variables are target, snapshot, allow_hazards, dry_run and options. Schemas are one of the options: {"schemas": ["app"]}.' AS pgmeta_hint \gset
\endif
SELECT :'pgmeta_message' <> '' AS pgmeta_refused \gset
\if :pgmeta_refused
  SELECT pg_catalog.format('BEGIN RAISE USING MESSAGE = %L, HINT = %L, ERRCODE = ''invalid_parameter_value''; END', :'pgmeta_message', :'pgmeta_hint') AS pgmeta_raise \gset
  :pgmeta_back
  \set ON_ERROR_STOP on
  \set ON_ERROR_STOP :pgmeta_stop \\ DO :'pgmeta_raise';
\endif

SELECT pg_catalog.quote_ident(n.nspname) AS pgmeta_schema
FROM pg_catalog.pg_extension e JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
WHERE e.extname = 'pgmeta' \gset
\if :{?snapshot}
  \set pgmeta_target :snapshot
\else
  \setenv PGMETA_TARGET :target
  \set pgmeta_target `cat -- "$PGMETA_TARGET"`
  \setenv PGMETA_TARGET
\endif
SELECT :'pgmeta_target' = '' AS pgmeta_unread \gset
\if :pgmeta_unread
  :pgmeta_back
  \set ON_ERROR_STOP on
  \set ON_ERROR_STOP :pgmeta_stop \\ DO $$ BEGIN RAISE 'could not read the target file' USING ERRCODE = 'io_error', HINT = 'See the message of the shell above.'; END $$;
\endif

-- Merges the variable and the option that allow hazards, and checks what must not fail half way.
\set ON_ERROR_STOP on
SELECT given.options AS pgmeta_options, :'pgmeta_dry_run'::pg_catalog.bool AS pgmeta_dry_run,
  COALESCE(given.options ->> 'expected_fingerprint' <> :pgmeta_schema.pgmeta_fingerprint(
    CASE WHEN pg_catalog.jsonb_typeof(given.options -> 'schemas') = 'array'
      THEN ARRAY(SELECT pg_catalog.jsonb_array_elements_text(given.options -> 'schemas')) END::pg_catalog.text[]), false) AS pgmeta_moved
FROM (
  SELECT o.options || CASE WHEN pg_catalog.jsonb_typeof(o.options) = 'object' AND a.words <> '[]'
    THEN pg_catalog.jsonb_build_object('allow_hazards', COALESCE(o.options -> 'allow_hazards', '[]') || a.words) ELSE '{}' END AS options
  FROM (SELECT :'pgmeta_options'::pg_catalog.jsonb AS options) AS o,
    (SELECT COALESCE(pg_catalog.jsonb_agg(pg_catalog.upper(pg_catalog.btrim(word))), '[]') AS words
      FROM pg_catalog.string_to_table(NULLIF(:'pgmeta_allowed', ''), ',') AS word) AS a
) AS given \set ON_ERROR_STOP :pgmeta_stop \\ \gset
\if :pgmeta_moved
  :pgmeta_back
  \set ON_ERROR_STOP on
  \set ON_ERROR_STOP :pgmeta_stop \\ DO $$ BEGIN RAISE 'fingerprint of the schema does not match the option expected_fingerprint' USING ERRCODE = 'object_not_in_prerequisite_state', HINT = 'Check the plan again.'; END $$;
\endif

-- The plan as a psql script. Statements are literals, which psql does not interpret; \gexec runs them.
\set pgmeta_file `mktemp`
\setenv PGMETA_FILE :pgmeta_file
\set ON_ERROR_STOP on
WITH planned AS MATERIALIZED (
  SELECT p.*, ARRAY(
    SELECT hazard FROM pg_catalog.unnest(p.hazards) AS hazard
    EXCEPT SELECT pg_catalog.jsonb_array_elements_text(COALESCE(:'pgmeta_options'::pg_catalog.jsonb -> 'allow_hazards', '[]'))) AS refused
  FROM :pgmeta_schema.pgmeta_plan_live(:'pgmeta_target'::pg_catalog.text, :'pgmeta_options'::pg_catalog.jsonb) AS p
), whole AS (
  SELECT pg_catalog.count(*) AS steps, COALESCE(pg_catalog.bool_or(refused <> '{}'), false) AS refused,
    (SELECT pg_catalog.string_agg(DISTINCT r.hazard, ', ') FROM planned AS p, pg_catalog.unnest(p.refused) AS r (hazard)) AS hazards
  FROM planned
), settings AS (
  -- The session's settings, to restore at the end.
  SELECT pg_catalog.format(E'\\set QUIET :pgmeta_quiet\nSELECT %s \\g /dev/null', pg_catalog.string_agg(
    pg_catalog.format('pg_catalog.set_config(%L, %L, false)', name,
      CASE name WHEN 'search_path' THEN :'pgmeta_path' ELSE pg_catalog.current_setting(name) END), ', ')) AS back
  FROM pg_catalog.unnest(ARRAY['search_path', 'check_function_bodies', 'IntervalStyle', 'standard_conforming_strings', 'array_nulls',
    'xmloption', 'default_tablespace', 'default_table_access_method', 'lock_timeout', 'statement_timeout']) AS name
), steps AS (
  SELECT p.*, w.steps,
    pg_catalog.lag(p.transaction) OVER (ORDER BY p.step) AS before,
    pg_catalog.lead(p.transaction) OVER (ORDER BY p.step) AS after,
    -- How much is committed when the step begins.
    CASE WHEN p.transaction IS NULL THEN p.step ELSE pg_catalog.min(p.step) OVER (PARTITION BY p.transaction) END - 1 AS done,
    pg_catalog.format(E'\\echo \'step %s of %s: %s%s\'', p.step, w.steps,
      pg_catalog.replace(pg_catalog.replace(pg_catalog.regexp_replace(p.statement, E'\\s+', ' ', 'g'), E'\\', E'\\\\'), '''', ''''''),
      '  -- ' || NULLIF(pg_catalog.array_to_string(p.hazards, ', '), '')) AS shown
  FROM planned AS p, whole AS w
), failures AS (
  SELECT s.*, pg_catalog.concat_ws(E'\n', E'\\if :ERROR', CASE WHEN s.transaction IS NOT NULL THEN 'ROLLBACK;' END, b.back,
    E'\\set ON_ERROR_STOP on',
    pg_catalog.format(
      E'\\set ON_ERROR_STOP :pgmeta_stop \\\\ DO $$ BEGIN RAISE ''step %s of %s failed, and %s'' USING HINT = ''Correct the cause and run apply.sql again: it plans the remaining changes.''; END $$;',
      s.step, s.steps, CASE s.done WHEN 0 THEN 'nothing was done' WHEN 1 THEN 'only step 1 was done'
        ELSE 'only the steps 1 to ' || s.done || ' were done' END),
    E'\\endif') AS on_failure
  FROM steps AS s, settings AS b
)
SELECT line FROM (
  SELECT 0, at, line FROM (VALUES (1, E'\\! rm -f -- "$PGMETA_FILE"\n\\setenv PGMETA_FILE'), (2, E'\\set QUIET on\n\\set ON_ERROR_STOP off')) AS head (at, line)
  UNION ALL
  SELECT s.step, 0, s.shown FROM steps AS s, whole AS w WHERE w.refused OR :'pgmeta_dry_run'
  UNION ALL
  SELECT 0, 3, 'SET search_path = pg_catalog, pg_temp; SET check_function_bodies = off; SET IntervalStyle = postgres; SET standard_conforming_strings = on;
SET array_nulls = on; SET xmloption = content; SET default_tablespace = ''''; SET default_table_access_method = heap;'
  FROM whole AS w WHERE NOT (w.refused OR :'pgmeta_dry_run')
  UNION ALL
  SELECT s.step, part.at, part.line
  FROM failures AS s, whole AS w, LATERAL (VALUES
    (1, CASE WHEN s.transaction IS NOT NULL AND s.transaction IS DISTINCT FROM s.before THEN 'BEGIN;' END),
    (2, s.shown),
    (3, pg_catalog.format('SET lock_timeout = %s; SET statement_timeout = %s;', s.lock_timeout_ms, s.statement_timeout_ms)),
    (4, pg_catalog.format(E'SELECT %L \\gexec', s.statement)),
    (5, s.on_failure),
    (6, CASE WHEN s.transaction IS NOT NULL AND s.transaction IS DISTINCT FROM s.after THEN E'COMMIT;\n' || s.on_failure END)
  ) AS part (at, line)
  WHERE NOT (w.refused OR :'pgmeta_dry_run')
  UNION ALL
  SELECT 2147483647, 1, pg_catalog.concat_ws(E'\n', b.back, CASE
    WHEN w.steps = 0 THEN E'\\echo \'nothing to do\''
    WHEN :'pgmeta_dry_run' AND w.refused THEN pg_catalog.format(E'\\echo \'dry run: nothing was changed; hazards that are not allowed: %s\'', w.hazards)
    WHEN :'pgmeta_dry_run' THEN E'\\echo \'dry run: nothing was changed\''
    WHEN w.refused THEN pg_catalog.format(E'\\set pgmeta_refused on\n\\set pgmeta_raise %L', pg_catalog.format(
      'BEGIN RAISE USING MESSAGE = %L, HINT = %L, ERRCODE = ''object_not_in_prerequisite_state''; END',
      'the plan has hazards that are not allowed: ' || w.hazards,
      'Nothing was changed. Allow them with a comma-separated list: -v allow_hazards=...'))
    ELSE E'\\echo \'done\'' END, E'\\set ON_ERROR_STOP :pgmeta_stop')
  FROM whole AS w, settings AS b
) AS script (step, at, line)
WHERE line IS NOT NULL ORDER BY step, at \set ON_ERROR_STOP :pgmeta_stop \\ \g (format=unaligned tuples_only=on) :pgmeta_file
\set pgmeta_refused off
\set ON_ERROR_STOP on
\i :pgmeta_file
\if :pgmeta_refused
  \set ON_ERROR_STOP on
  \set ON_ERROR_STOP :pgmeta_stop \\ DO :'pgmeta_raise';
\endif
\set ON_ERROR_STOP :pgmeta_stop
