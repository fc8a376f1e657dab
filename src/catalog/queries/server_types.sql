-- The names of the server's own types, without those of its relations and arrays.
SELECT t.typname AS name FROM pg_catalog.pg_type t
WHERE t.typnamespace = 'pg_catalog'::pg_catalog.regnamespace AND t.typtype <> 'c' AND t.typcategory <> 'A'
