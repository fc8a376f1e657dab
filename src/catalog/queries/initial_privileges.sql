SELECT classoid AS class, objoid AS oid, objsubid AS sub, initprivs AS acl FROM pg_catalog.pg_init_privs
