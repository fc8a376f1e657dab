-- pgmeta_discover, pgmeta_relationships, pgmeta_context, pgmeta_capabilities, pgmeta_discovery_stats, pgmeta_discover_schema.
\pset format unaligned
\pset tuples_only on
SET client_min_messages = warning;
CREATE ROLE regress_discover_reader;
CREATE SCHEMA discover_t;
CREATE TYPE discover_t.color AS ENUM ('red', 'it''s "blue"');
CREATE TABLE discover_t."Odd ""name/" (id bigint PRIMARY KEY, color discover_t.color NOT NULL DEFAULT 'red', size numeric(8, 2) CHECK (size > 0));
COMMENT ON TABLE discover_t."Odd ""name/" IS E'two\nlines';
CREATE TABLE discover_t.details (odd_id bigint PRIMARY KEY REFERENCES discover_t."Odd ""name/" ON DELETE CASCADE, note text);
CREATE TABLE discover_t.tree (id integer PRIMARY KEY, parent_id integer REFERENCES discover_t.tree, twin integer UNIQUE);
CREATE TABLE discover_t.odd_trees (odd_id bigint REFERENCES discover_t."Odd ""name/", tree_id integer REFERENCES discover_t.tree, PRIMARY KEY (odd_id, tree_id));
CREATE TABLE discover_t.implied (id integer PRIMARY KEY, tree_id integer);
CREATE VIEW discover_t.seen AS SELECT o.id, d.note, d.odd_id FROM discover_t."Odd ""name/" o LEFT JOIN discover_t.details d ON d.odd_id = o.id;

-- Relationships: declared ones, through a junction table, and those that no foreign key declares.
SELECT name, kind, table_name, columns, parent_table, parent_columns, cardinality, parent_cardinality, through, virtual, cycle, on_delete
FROM pgmeta_relationships('discover_t');
SELECT name, kind, table_name, parent_table, strategy FROM pgmeta_relationships('discover_t', '{"virtual": true}') WHERE virtual;
SELECT count(*) FROM pgmeta_relationships('{}'::text[]);

-- The document: an outer join is nullable, and a column has its base.
SELECT jsonb_object_keys(pgmeta_discover('discover_t'));
SELECT c ->> 'name', c ->> 'nullable', c -> 'base' FROM jsonb_path_query(pgmeta_discover('discover_t'), '$.views[*].columns[*]') c;
SELECT c ->> 'name', c ->> 'type', c ->> 'kind', c -> 'nullable', c -> 'enum_labels', c ->> 'check', c ->> 'default'
FROM jsonb_path_query(pgmeta_discover('discover_t'), '$.tables[*] ? (@.name == "Odd \"name/").columns[*]') c;
SELECT jsonb_pretty(pgmeta_discover('discover_t', '{"sections": ["patterns"]}') - 'server_version_num');
SELECT jsonb_object_keys(pgmeta_discover('discover_t', '{"sections": ["statistics", "types"]}'));
SELECT pgmeta_discover('discover_t', '{"exclude": ["discover_t.Odd*", "discover_t.\"Odd\"*"], "sections": ["tables"]}') @? '$.tables[*] ? (@.name starts with "Odd")';

-- The forms, and a snapshot, which may be of another server.
SELECT pgmeta_discover('discover_t') = pgmeta_discover('{discover_t}'::text[]),
    pgmeta_discover('discover_t') = pgmeta_discover('discover_t', NULL),
    pgmeta_discover() = pgmeta_discover(NULL::text[]), pgmeta_discover(NULL::jsonb) IS NULL,
    pgmeta_discover(pgmeta_snapshot('discover_t'), '{"sections": ["views", "relationships"]}') = pgmeta_discover('discover_t', '{"sections": ["views", "relationships"]}');
SELECT pgmeta_discover_schema() ->> '$schema', (pgmeta_discover_schema() -> 'properties') ?& '{tables,views,relationships,patterns}';

-- The context is cut at whole tables, and says what it left out.
SELECT pgmeta_context('discover_t');
SELECT pgmeta_context('discover_t', 400);
SELECT pgmeta_context('discover_t', NULL) = pgmeta_context('discover_t');
SELECT pgmeta_context('discover_t', -1);
\echo :LAST_ERROR_SQLSTATE

-- The cache: the second call reads nothing, and a change is seen.
SELECT count(*) > 0 FROM pgmeta_discovery_stats();
SELECT jsonb_array_length(pgmeta_discover('discover_t') -> 'tables');
CREATE TABLE discover_t.later (id integer);
SELECT jsonb_array_length(pgmeta_discover('discover_t') -> 'tables');
DROP TABLE discover_t.later;
SELECT section, calls >= cached FROM pgmeta_discovery_stats() ORDER BY section COLLATE "C";

-- Capabilities.
SELECT feature, supported, since FROM pgmeta_capabilities('sqlite') WHERE feature ~ 'returning|generated' ORDER BY feature COLLATE "C";
SELECT count(*) > 10, bool_and(supported IS NOT NULL) FROM pgmeta_capabilities();
SELECT count(*) > 10 FROM pgmeta_capabilities(NULL, NULL);
SELECT * FROM pgmeta_capabilities('oracle');
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_capabilities('mysql', 'eight');
\echo :LAST_ERROR_SQLSTATE

-- Errors.
SELECT pgmeta_discover('no_such_schema');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_discover('discover_t', '{"section": []}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_discover('discover_t', '{"sections": ["colums"]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_discover('discover_t', '{"virtual": ["guess"]}');
\echo :LAST_ERROR_SQLSTATE
SELECT pgmeta_discover('{"tables": []}'::jsonb);
\echo :LAST_ERROR_SQLSTATE
SELECT * FROM pgmeta_relationships('discover_t', '{"sections": ["tables"]}');
\echo :LAST_ERROR_SQLSTATE

-- A role without rights sees the catalogs, as everybody does; statistics of what it may not read are said to be absent.
SET ROLE regress_discover_reader;
SELECT count(*) FROM pgmeta_relationships('discover_t');
SELECT jsonb_array_length(pgmeta_discover('discover_t') -> 'tables'), pgmeta_discover('discover_t') -> 'errors';
RESET ROLE;
DROP SCHEMA discover_t CASCADE;
DROP ROLE regress_discover_reader;
