-- The view that everybody may read; passwords are in the table behind it.
SELECT r.oid, r.rolname AS name, r.rolsuper AS superuser, r.rolinherit AS inherit, r.rolcreaterole AS create_role,
       r.rolcreatedb AS create_db, r.rolcanlogin AS login, r.rolreplication AS replication,
       r.rolbypassrls AS bypass_rls, r.rolconnlimit AS connection_limit, r.rolvaliduntil::pg_catalog.text AS valid_until,
       {{rolpassword}} AS password, {{password_hidden}} AS password_hidden
FROM pg_catalog.pg_roles r
WHERE r.rolname !~ '^pg_'
