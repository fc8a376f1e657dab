-- pgmeta_help: functions, from their own comments and signatures.
SELECT name, description FROM pgmeta_help('pgmeta_version');
\x
SELECT * FROM pgmeta_help('pgmeta_fingerprint');
SELECT * FROM pgmeta_help('pgmeta_archive_run');
\x

-- A pattern of psql, in any case; else a text in the name or the description.
SELECT name FROM pgmeta_help('PGMETA_SNAPSHOT_?oa*');
SELECT name FROM pgmeta_help('public.pgmeta_snapshot_*a*');
SELECT name FROM pgmeta_help('tar') WHERE name = 'pgmeta_export_tar';
SELECT name FROM pgmeta_help('PROMETHEUS');
SELECT name FROM pgmeta_help('no such thing');
SELECT name FROM pgmeta_help('it''s "odd" \ (');
SELECT name FROM pgmeta_help('(*');

-- NULL and nothing are all; one row for each name, in order.
SELECT (SELECT count(*) FROM pgmeta_help()) = count(DISTINCT proname) AS is_all,
    (SELECT count(*) FROM pgmeta_help(NULL)) = count(DISTINCT proname) AS null_is_all,
    (SELECT count(*) FROM pgmeta_help('*')) = count(DISTINCT proname) AS star_is_all
FROM pg_proc WHERE proname LIKE 'pgmeta\_%';
SELECT array_agg(name) = array_agg(name ORDER BY name COLLATE "C") AS is_ordered FROM pgmeta_help();

-- Every function has a sentence and an example that calls it, in every form.
SELECT name FROM pgmeta_help() WHERE description = '' OR description ~ '\n' OR example IS NULL OR example !~ ('\m' || name || '\(');
SELECT p.oid::regprocedure FROM pg_proc p
WHERE proname LIKE 'pgmeta\_%' AND obj_description(p.oid, 'pg_proc') NOT LIKE '%' || E'\nExample: ' || '%';

-- A role without rights, where pgmeta is on no path.
CREATE ROLE regress_help_reader;
SET ROLE regress_help_reader;
SET search_path = '';
SELECT count(*) > 30 AS many FROM public.pgmeta_help();
RESET search_path;
RESET ROLE;
DROP ROLE regress_help_reader;
