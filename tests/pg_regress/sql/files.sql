-- pgmeta_export_files, pgmeta_export_tar, pgmeta_export_to_directory.
\pset format unaligned
\pset tuples_only on
SELECT path, fingerprint = encode(sha256(convert_to(content, 'UTF8')), 'hex') FROM pgmeta_export_files('reg') ORDER BY path COLLATE "C";
SELECT path FROM pgmeta_export_files('"Odd ""schema"""') ORDER BY path COLLATE "C";
SELECT content FROM pgmeta_export_files('reg') WHERE path = 'install.sql';
SELECT content FROM pgmeta_export_files('reg') WHERE path = 'reg/tables/pet/triggers/touch.sql';
SELECT count(*), count(DISTINCT lower(path)) = count(*) FROM pgmeta_export_files();
SELECT length(pgmeta_export_tar('reg')) % 512, pgmeta_export_tar('reg') = pgmeta_export_tar(ARRAY['reg']), substr(pgmeta_export_tar('reg'), 258, 5);
SELECT path FROM pgmeta_export_files('reg', ARRAY['view']) ORDER BY 1;
-- a folder
SELECT current_setting('data_directory') || '/pgmeta_reg_files' AS folder \gset
SELECT * FROM pgmeta_export_to_directory(:'folder', 'reg', ARRAY['view', 'sequence']) ORDER BY 1;
SELECT * FROM pgmeta_export_to_directory(:'folder', 'reg', ARRAY['view', 'sequence']) ORDER BY 1;
SELECT * FROM pgmeta_export_to_directory(:'folder', ARRAY['reg'], ARRAY['sequence', 'function'], on_error => 'warn') ORDER BY 1;
SELECT pg_read_file(:'folder' || '/reg/sequences/counter.sql');
SELECT * FROM pgmeta_export_to_directory(:'folder', '{}') ORDER BY 1;
-- errors
\set SHOW_CONTEXT never
SELECT * FROM pgmeta_export_to_directory('relative', 'reg');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_export_to_directory(NULL, 'reg');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_export_to_directory('/dev/null/x', 'reg');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_export_to_directory(:'folder', 'nope');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_export_files('nope');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_export_tar('nope');
\echo :LAST_ERROR_SQLSTATE
-- without pg_write_server_files
SET ROLE pgmeta_reg_nobody;
SELECT * FROM pgmeta_export_to_directory('/tmp/pgmeta_reg_never', 'reg');
\echo :LAST_ERROR_SQLSTATE
SELECT count(*) > 0 FROM pgmeta_export_files('reg');
RESET ROLE;
