SELECT oid, spcname AS name FROM pg_catalog.pg_tablespace
