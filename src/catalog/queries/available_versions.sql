-- The versions of installed extensions that CREATE EXTENSION would install now.
SELECT a.name, a.default_version AS version
FROM pg_catalog.pg_available_extensions() a
JOIN pg_catalog.pg_extension e ON e.extname = a.name
WHERE a.default_version IS NOT NULL
