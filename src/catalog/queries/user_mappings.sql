-- The view hides options from those who may not see them. When it does is repeated here, for without it no options
-- and hidden ones look the same.
SELECT m.umid AS oid, m.usename AS user, m.srvname AS server, m.umoptions AS options,
       m.umoptions IS NULL
       AND NOT (SELECT rolsuper FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER)
       AND NOT CASE WHEN m.umuser = 0 THEN pg_catalog.pg_has_role(s.srvowner, 'USAGE')
                    ELSE m.usename = CURRENT_USER
                         AND (pg_catalog.pg_has_role(s.srvowner, 'USAGE') OR pg_catalog.has_server_privilege(s.oid, 'USAGE'))
               END AS options_hidden
FROM pg_catalog.pg_user_mappings m
JOIN pg_catalog.pg_foreign_server s ON s.oid = m.srvid
WHERE m.umid >= 16384
