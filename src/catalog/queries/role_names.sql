SELECT oid, rolname AS name FROM pg_catalog.pg_roles
