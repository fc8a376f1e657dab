-- The names among these that a volatile function has. A name of the system's means the system's function: others may make functions
-- of the same name in their schemas.
SELECT DISTINCT p.proname AS name
FROM pg_catalog.pg_proc p
WHERE p.provolatile = 'v' AND p.proname = ANY ($1)
    AND (p.pronamespace = 'pg_catalog'::pg_catalog.regnamespace OR NOT EXISTS (
        SELECT FROM pg_catalog.pg_proc s
        WHERE s.proname = p.proname AND s.pronamespace = 'pg_catalog'::pg_catalog.regnamespace))
