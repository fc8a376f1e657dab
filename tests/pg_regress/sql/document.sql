-- pgmeta_document, pgmeta_document_to_directory and pgmeta_comment_coverage: arguments, NULLs, odd names, callers without rights.
SET client_min_messages = warning;
CREATE ROLE regress_document_reader;
CREATE ROLE regress_document_writer IN ROLE pg_write_server_files;
CREATE SCHEMA document_t;
COMMENT ON SCHEMA document_t IS 'Documented';
CREATE TYPE document_t.mood AS ENUM ('<b>', 'it''s', 'a|b');
CREATE TABLE document_t.parents (id bigint CONSTRAINT parents_pkey PRIMARY KEY, mood document_t.mood);
COMMENT ON TABLE document_t.parents IS $$Lines
and <script>alert("x")</script> | bars$$;
COMMENT ON COLUMN document_t.parents.id IS 'Counted';
CREATE TABLE document_t."../../Up & <away>" (id bigint CONSTRAINT up_fkey REFERENCES document_t.parents);
CREATE TABLE document_t.months (at date) PARTITION BY RANGE (at);
CREATE TABLE document_t.months_old PARTITION OF document_t.months DEFAULT;
CREATE VIEW document_t.seen AS SELECT id FROM document_t.parents;
CREATE FUNCTION document_t.twice(integer) RETURNS integer LANGUAGE sql AS 'SELECT 2 * $1';
CREATE FUNCTION document_t.twice(text) RETURNS text LANGUAGE sql AS 'SELECT $1 || $1';

-- Files, in all formats. A file has the hash of a name that is not plain.
SELECT path FROM pgmeta_document('document_t');
SELECT path FROM pgmeta_document('{document_t}'::text[], 'markdown');
SELECT path, content::jsonb -> 'coverage' -> 0 AS coverage FROM pgmeta_document('document_t', 'json');
SELECT regexp_replace(content, 'findings: \[\d+\]', 'findings: [N]', 'i') FROM pgmeta_document('document_t', 'markdown', '{"sizes": false, "title": "A *title*"}') WHERE path = 'README.md' \g (format=unaligned tuples_only=on)
SELECT content FROM pgmeta_document('document_t', 'markdown', '{"sizes": false}') WHERE path = 'types/document_t.mood.md' \g (format=unaligned tuples_only=on)
SELECT path, content LIKE '%<script>alert%' AS unescaped FROM pgmeta_document('document_t') WHERE path = 'tables/document_t.parents.html';

-- What has pages.
SELECT path FROM pgmeta_document('document_t', options => '{"tables": ["document_t.parents"]}') WHERE path ~ '/';
SELECT path FROM pgmeta_document('document_t', options => '{"tables": ["document_t.parents"], "distance": 1}') WHERE path ~ '/';
SELECT path FROM pgmeta_document('document_t', options => '{"exclude": ["document_t.*a*", "document_t.t*"], "partitions": "show"}') WHERE path ~ '/';
SELECT path FROM pgmeta_document('document_t', options => '{"tables": ["no.such"], "viewpoints": {"All of it": {"tables": ["document_t.p*"], "distance": 1}}}') WHERE path ~ '/';
SELECT path, content ~ 'href="\.\./own\.css"' AS has_stylesheet FROM pgmeta_document('document_t', options => '{"stylesheet": "own.css", "tables": ["document_t.m*"]}') WHERE path ~ '/';

-- NULLs are defaults; a schema without objects has an index.
SELECT count(*) FROM pgmeta_document(NULL::text, NULL, NULL) WHERE path ~ 'document_t';
SELECT count(*) FROM pgmeta_document(NULL::text[], NULL, '{"tables": ["document_t.seen"]}') WHERE path ~ '/';
CREATE SCHEMA document_empty;
SELECT path FROM pgmeta_document('document_empty');
SELECT * FROM pgmeta_comment_coverage('document_empty');

-- Comments.
SELECT * FROM pgmeta_comment_coverage('document_t');
SELECT count(*) FROM pgmeta_comment_coverage(NULL::text[]) WHERE schema = 'document_t';
SELECT count(*) FROM pgmeta_comment_coverage(NULL::text) WHERE schema = 'document_t';
SELECT sum(total), sum(commented) FROM pgmeta_comment_coverage('{document_t,document_empty}'::text[]) WHERE type = 'schema';

-- Errors.
SELECT * FROM pgmeta_document('document_t', 'pdf');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document('document_t', options => '{"viewpoint": "x"}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document('document_t', options => '{"show": "some"}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document('document_t', options => '{"tables": ["app.("]}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document('document_t', options => '{"stylesheet": "javascript:alert(1)"}');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document('document_t', options => '[]');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document('no_such, document_t');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document('{}'::text[]);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_comment_coverage('no_such');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_comment_coverage('{document_t,NULL}'::text[]);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document_to_directory(NULL, 'document_t');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_document_to_directory('relative', 'document_t');
\echo :LAST_ERROR_SQLSTATE

-- The document for programs has the tables that are chosen; a pattern is a text or a list, words are in any case.
SELECT jsonb_path_query_array(content::jsonb, '$.tables[*].name') AS tables, jsonb_path_query_array(content::jsonb, '$.views[*].name') AS views
FROM pgmeta_document('document_t', 'json', '{"tables": "document_t.months", "direction": "lr", "partitions": "SHOW"}');

-- On the server.
SELECT current_setting('data_directory') || '/regress_' || oid || '_site' AS folder FROM pg_database WHERE datname = current_database() \gset
SELECT action, count(*) FROM pgmeta_document_to_directory(:'folder', 'document_t') GROUP BY action;
SELECT action, count(*) FROM pgmeta_document_to_directory(:'folder', '{document_t}'::text[]) GROUP BY action;
SELECT count(*) AS differ FROM pgmeta_document('document_t') WHERE content <> pg_read_file(:'folder' || '/' || path);
DROP VIEW document_t.seen;
SELECT * FROM pgmeta_document_to_directory(:'folder', 'document_t') WHERE action = 'deleted';
SELECT split_part(pg_read_file(:'folder' || '/.pgmeta-files'), E'\ndiagram', 1) AS manifest \g (format=unaligned tuples_only=on)
-- Pages of other tables would be lost.
SELECT * FROM pgmeta_document_to_directory(:'folder', 'document_t', 'html', '{"tables": ["document_t.months"]}');
SELECT action, count(*) FROM pgmeta_document_to_directory(:'folder', 'document_t', 'html', '{"tables": ["document_t.months"], "prune": true}') GROUP BY action ORDER BY action;

-- Callers without rights see what the catalogs show to all, and write nothing.
REVOKE ALL ON SCHEMA document_t FROM PUBLIC;
SET ROLE regress_document_reader;
SELECT count(*) FROM pgmeta_document('document_t') WHERE path ~ '/';
SELECT type, total FROM pgmeta_comment_coverage('document_t') WHERE type ~ 'column';
SELECT * FROM pgmeta_document_to_directory(:'folder', 'document_t');
SET ROLE regress_document_writer;
SELECT action, count(*) FROM pgmeta_document_to_directory(:'folder' || '_own', 'document_empty', 'json') GROUP BY action;
SELECT action, count(*) FROM pgmeta_document_to_directory(:'folder' || '_own', 'document_empty', 'markdown', '{"prune": true}') GROUP BY action ORDER BY action;
RESET ROLE;

DROP SCHEMA document_t, document_empty CASCADE;
DROP ROLE regress_document_reader, regress_document_writer;
