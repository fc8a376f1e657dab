SELECT p.owner::pg_catalog.text AS owner, r.oid, r.rolname AS name, r.rolcanlogin AS login, p.origin <> $2 AS foreign
    FROM pgmeta.archive_policies p LEFT JOIN pg_catalog.pg_roles r
        ON CASE WHEN p.origin = $2 THEN r.oid = p.owner_oid ELSE r.rolname = p.owner END
    WHERE p.name = $1
