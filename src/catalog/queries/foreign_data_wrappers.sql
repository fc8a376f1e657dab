SELECT oid, fdwname AS name, fdwowner AS owner, fdwacl AS acl,
       NULLIF(fdwhandler::pg_catalog.regproc::pg_catalog.text, '-') AS handler,
       NULLIF(fdwvalidator::pg_catalog.regproc::pg_catalog.text, '-') AS validator, fdwoptions AS options
FROM pg_catalog.pg_foreign_data_wrapper
WHERE oid >= 16384
