SELECT o.oid, n.nspname AS schema, o.opcname AS name, o.opcmethod AS method, o.opcintype AS input, o.opcdefault AS default
FROM pg_catalog.pg_opclass o JOIN pg_catalog.pg_namespace n ON n.oid = o.opcnamespace
