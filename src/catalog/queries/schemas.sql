SELECT oid, nspname AS name, nspowner AS owner, nspacl AS acl
FROM pg_catalog.pg_namespace
WHERE oid = ANY($1)
