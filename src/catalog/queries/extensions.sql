SELECT oid, extname AS name, extnamespace AS schema, extversion AS version,
    NOT extrelocatable AS not_relocatable
FROM pg_catalog.pg_extension
WHERE oid >= 16384
