-- Whether a type with a name exists: as the server reads it, or in a schema of the caller's search path.
SELECT pg_catalog.to_regtype($1) IS NOT NULL OR EXISTS (
    SELECT FROM pg_catalog.pg_type t
    WHERE t.typnamespace = ANY ($2) AND pg_catalog.quote_ident(t.typname)
        = pg_catalog.regexp_replace($1, '(\s*\([^)]*\))?(\s*\[\])*$', '')) AS known
