SELECT a.oid, a.rolpassword AS password
FROM pg_catalog.pg_authid a
WHERE a.rolname !~ '^pg_'
