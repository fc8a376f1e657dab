-- What the relations in scope refer to and only lies outside: their ancestors, and the tables of their foreign keys.
WITH RECURSIVE own AS (
    SELECT c.oid FROM pg_catalog.pg_class c
    WHERE (c.relnamespace = ANY($1) OR c.oid = ANY($2)) AND c.relkind IN ('r', 'p', 'f')
), ancestors AS (
    SELECT i.inhparent AS oid FROM pg_catalog.pg_inherits i JOIN own ON own.oid = i.inhrelid
    UNION
    SELECT i.inhparent FROM pg_catalog.pg_inherits i JOIN ancestors a ON a.oid = i.inhrelid
), related AS (
    SELECT oid FROM ancestors
    UNION
    SELECT n.confrelid FROM pg_catalog.pg_constraint n JOIN own ON own.oid = n.conrelid WHERE n.contype = 'f'
)
SELECT c.oid, n.nspname AS schema, c.relname AS name
FROM related r JOIN pg_catalog.pg_class c ON c.oid = r.oid JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE NOT EXISTS (SELECT FROM own WHERE own.oid = r.oid)
