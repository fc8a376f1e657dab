SELECT t.oid, t.spcname AS name, t.spcowner AS owner, t.spcacl AS acl, t.spcoptions AS options,
       pg_catalog.pg_tablespace_location(t.oid) AS location
FROM pg_catalog.pg_tablespace t
WHERE t.oid >= 16384
