SELECT p.oid, p.polrelid AS relation, p.polname AS name, p.polpermissive AS permissive, p.polcmd AS command,
       p.polroles AS roles, p.polqual IS NOT NULL AS has_using, p.polwithcheck IS NOT NULL AS has_check,
       pg_catalog.pg_get_expr(p.polqual, p.polrelid) AS using_text,
       pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) AS check_text
FROM pg_catalog.pg_policy p
JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
WHERE c.relnamespace = ANY($1) OR c.oid = ANY($2)
