-- Parts of relations and domains that have a name ($1), of one relation or domain ($2) or of any, in one schema ($3) or in any; columns
-- of a named relation only.
SELECT p.class::pg_catalog.oid AS class, p.oid, p.is_column
FROM (
    SELECT 'pg_catalog.pg_constraint'::pg_catalog.regclass AS class, oid, conrelid AS relation, contypid AS domain, conname AS name, false AS is_column
    FROM pg_catalog.pg_constraint WHERE conname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_trigger'::pg_catalog.regclass, oid, tgrelid, 0, tgname, false FROM pg_catalog.pg_trigger WHERE tgname = $1 AND NOT tgisinternal
    UNION ALL
    SELECT 'pg_catalog.pg_policy'::pg_catalog.regclass, oid, polrelid, 0, polname, false FROM pg_catalog.pg_policy WHERE polname = $1
    UNION ALL
    SELECT 'pg_catalog.pg_rewrite'::pg_catalog.regclass, oid, ev_class, 0, rulename, false
    FROM pg_catalog.pg_rewrite WHERE rulename = $1 AND rulename <> '_RETURN'
    UNION ALL
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, attrelid, attrelid, 0, attname, true
    FROM pg_catalog.pg_attribute WHERE attname = $1 AND attnum > 0 AND NOT attisdropped AND $2 <> ''
) p
LEFT JOIN pg_catalog.pg_class c ON c.oid = p.relation
LEFT JOIN pg_catalog.pg_type t ON t.oid = p.domain
JOIN pg_catalog.pg_namespace n ON n.oid = coalesce(c.relnamespace, t.typnamespace)
WHERE $2 IN ('', coalesce(c.relname, t.typname)) AND $3 IN ('', n.nspname)
    AND (c.oid IS NULL OR c.relkind IN ('r', 'p', 'f', 'v', 'm', 'c'))
    AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
