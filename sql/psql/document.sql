-- Writes the files of pgmeta_document on the client:
--   psql -X -d DATABASE -v directory=DIR [-v schemas=LIST] [-v format=html|markdown|json] [-v prune=1] [-v options=JSON] -f document.sql
-- It treats files as export.sql does: what has not changed is not written, what pgmeta did not write is never changed, and pages of
-- objects that do not exist any more are removed. A run with another selection of objects, or another format, than the last one removes
-- files only with prune. Prints one line for each change. Requires psql 13 or later, sh, awk, base64, cmp and comm.

SELECT pg_catalog.current_setting('search_path') AS pgmeta_path, pg_catalog.set_config('search_path', 'pg_catalog, pg_temp', false) AS pgmeta_pin \gset

-- Restores the session's settings. psql reads ON_ERROR_STOP at the beginning of a line: a line that may fail resets it itself and
-- still ends the script.
\set pgmeta_stop :ON_ERROR_STOP
\set pgmeta_back 'SELECT pg_catalog.set_config(\'search_path\', :\'pgmeta_path\', false) \\g /dev/null'

-- Ignores variables of an earlier run, or of apply.sql.
\set pgmeta_message ''
\set pgmeta_unknown ''
\if :{?schema} \set pgmeta_unknown schema \endif
\if :{?formats} \set pgmeta_unknown formats \endif
\if :{?option} \set pgmeta_unknown option \endif
\if :{?directory} \else
  \set pgmeta_message 'the variable "directory" is not set'
  \set pgmeta_hint 'Call psql with -v directory=DIR.'
\endif
\if :{?schemas} \set pgmeta_schemas :schemas \else \set pgmeta_schemas ALL \endif
\if :{?format} \set pgmeta_format :format \else \set pgmeta_format html \endif
\if :{?prune} \set pgmeta_prune :prune \else \set pgmeta_prune off \endif
\if :{?options} \set pgmeta_options :options \else \set pgmeta_options '{}' \endif
SELECT EXISTS (SELECT FROM pg_catalog.pg_extension WHERE extname = 'pgmeta') AS pgmeta_installed,
  :'pgmeta_unknown' <> '' AS pgmeta_misspelt \gset
\if :pgmeta_installed \else
  \set pgmeta_message 'pgmeta is not installed in this database'
  \set pgmeta_hint 'Run CREATE EXTENSION pgmeta.'
\endif
\if :pgmeta_misspelt
  SELECT pg_catalog.format('document.sql has no variable "%s"', :'pgmeta_unknown') AS pgmeta_message,
    'Its variables are directory, schemas, format, prune and options.' AS pgmeta_hint \gset
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

-- The selection of objects, as src/api/document.rs writes it to .pgmeta-files.
\set ON_ERROR_STOP on
SELECT :'pgmeta_prune'::pg_catalog.bool OR COALESCE((o.options ->> 'prune')::pg_catalog.bool, false) AS pgmeta_prune,
  pg_catalog.concat_ws(E'\n', '# document: ' || :'pgmeta_format',
    (SELECT '# tables: ' || pg_catalog.replace(pg_catalog.string_agg(name, ', ' ORDER BY at), E'\n', ' ')
      FROM pg_catalog.jsonb_array_elements_text(o.options -> 'tables') WITH ORDINALITY AS t (name, at)),
    (SELECT '# schemas: ' || pg_catalog.string_agg(name, ', ' ORDER BY name COLLATE "C")
      FROM (SELECT DISTINCT pg_catalog.btrim(part, ' "') AS name FROM pg_catalog.string_to_table(pg_catalog.btrim(:'pgmeta_schemas', '{} '), ',') AS part) AS s
      HAVING pg_catalog.upper(pg_catalog.min(name)) <> 'ALL'),
    (SELECT '# exclude: ' || pg_catalog.string_agg(pg_catalog.replace(name, E'\n', ' '), ', ' ORDER BY name COLLATE "C")
      FROM (SELECT DISTINCT pg_catalog.jsonb_array_elements_text(o.options -> 'exclude') AS name) AS e),
    CASE WHEN (o.options ->> 'self')::pg_catalog.bool THEN '# self' END) AS pgmeta_selection
FROM (SELECT :'pgmeta_options'::pg_catalog.jsonb AS options) AS o \set ON_ERROR_STOP :pgmeta_stop \\ \gset

\set pgmeta_unpack rows
\ir write_files.psql
\setenv PGMETA_SELECTION :pgmeta_selection
\setenv PGMETA_PRUNE :pgmeta_prune
\setenv PGMETA_DIRECTORY :directory
\set pgmeta_status `rm -f -- "$PGMETA_DIRECTORY/.pgmeta-status"`

\set ON_ERROR_STOP on
SELECT '=' || pg_catalog.translate(pg_catalog.encode(pg_catalog.convert_to(f.path, 'UTF8'), 'base64'), E'\n', ''),
  pg_catalog.encode(pg_catalog.convert_to(f.content, 'UTF8'), 'base64')
FROM :pgmeta_schema.pgmeta_document(
  schemas => :'pgmeta_schemas'::pg_catalog.text,
  format => :'pgmeta_format'::pg_catalog.text,
  options => :'pgmeta_options'::pg_catalog.jsonb) AS f \set ON_ERROR_STOP :pgmeta_stop \\ \g (format=unaligned tuples_only=on fieldsep='\n') | sh -c "$PGMETA_SHELL"

-- psql 15 does not report the exit status of a program.
\set pgmeta_status `cd -- "$PGMETA_DIRECTORY" 2>/dev/null && cat .pgmeta-status 2>/dev/null; rm -f .pgmeta-status`
\setenv PGMETA_SHELL
\setenv PGMETA_UNPACK
\setenv PGMETA_SELECTION
\setenv PGMETA_PRUNE
\setenv PGMETA_DIRECTORY
SELECT :'pgmeta_status' = 'ok' AS pgmeta_done, pg_catalog.format('BEGIN RAISE USING MESSAGE = %L, HINT = %L, ERRCODE = %L; END', f.message, f.hint, f.code) AS pgmeta_raise
FROM (VALUES
  ('foreign', 'files that pgmeta did not write already exist', 'Nothing was written. Move these files, or export into another directory.', 'duplicate_file'),
  ('prune', 'export with another selection of objects would delete files', 'Nothing was written. Export into another directory, or set the variable prune: -v prune=1.', 'object_not_in_prerequisite_state'),
  (NULL, 'could not write the files', 'See the message of the shell above.', 'io_error')) AS f (status, message, hint, code)
WHERE f.status = :'pgmeta_status' OR f.status IS NULL ORDER BY f.status NULLS LAST LIMIT 1 \gset
:pgmeta_back
\if :pgmeta_done \else
  \set ON_ERROR_STOP on
  \set ON_ERROR_STOP :pgmeta_stop \\ DO :'pgmeta_raise';
\endif
