SELECT c.oid::regclass::text AS name, c.relkind = 'p' AS partitioned,
    pg_catalog.pg_has_role(c.relowner, 'USAGE') AS own FROM pg_catalog.pg_class c WHERE c.oid = $1::oid
