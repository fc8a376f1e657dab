-- pgmeta_coverage: what becomes of the rows of the catalogs. Numbers of system objects differ between majors.
\pset format unaligned
\pset tuples_only on
SELECT type, status, reason, count FROM pgmeta_coverage('reg')
WHERE status IN ('emitted', 'hidden', 'failed', 'not supported') ORDER BY 1, 2, 3;
SELECT DISTINCT status FROM pgmeta_coverage() WHERE status IN ('emitted', 'part', 'system object', 'extension member', 'cluster object') ORDER BY 1;
SELECT (SELECT sum(count) FROM pgmeta_coverage('reg')) = (SELECT sum(count) FROM pgmeta_coverage(ARRAY['reg'])),
  (SELECT sum(count) FROM pgmeta_coverage('reg')) = (SELECT sum(count) FROM pgmeta_coverage()),
  (SELECT sum(count) FROM pgmeta_coverage(NULL)) = (SELECT sum(count) FROM pgmeta_coverage());
SELECT count FROM pgmeta_coverage('reg') WHERE type = 'table' AND status = 'not in the schemas asked for';
SELECT sum(count) = (SELECT count(*) FROM pg_proc) FROM pgmeta_coverage() WHERE type IN ('function', 'procedure', 'aggregate');
SELECT reason, sum(count) > 0 FROM pgmeta_coverage() WHERE status = 'extension member' AND type = 'function' GROUP BY 1 ORDER BY 1;
\set SHOW_CONTEXT never
SELECT * FROM pgmeta_coverage('nope');
\echo :LAST_ERROR_SQLSTATE
SET ROLE pgmeta_reg_nobody;
SELECT type, reason FROM pgmeta_coverage() WHERE status = 'hidden' ORDER BY 1, 2;
RESET ROLE;
