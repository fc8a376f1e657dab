SELECT m.oid, m.amname AS name, m.amtype AS of, m.amhandler::pg_catalog.text AS handler
FROM pg_catalog.pg_am m
WHERE m.oid >= 16384
