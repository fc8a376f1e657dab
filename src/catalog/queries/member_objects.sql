-- Members of extensions and system objects that are not as CREATE EXTENSION or initdb made them, as far as can be told:
-- other privileges (of a column too), for system objects another owner, for members any security label or row security, and
-- for relations any comment: whose it is cannot be told, and on functions and the like it is the script's.
-- The schema public is an object like the user's. initdb notes no initial privileges for information_schema, whose
-- relations everyone may read, except its private ones and some that were forgotten, which have no list at all.
WITH members AS (
    SELECT classid AS class, objid AS oid
    FROM pg_catalog.pg_depend
    WHERE refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND deptype = 'e'
), candidates AS MATERIALIZED (
    -- By index: the user's own objects may be many.
    SELECT class, oid FROM members
    UNION
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, oid FROM pg_catalog.pg_class WHERE oid < 16384
    UNION
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, oid FROM pg_catalog.pg_type WHERE oid < 16384
), privileged (class, oid, owner, acl, kind, to_public) AS (
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass::pg_catalog.oid, c.oid, c.relowner, c.relacl,
           (CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::pg_catalog."char",
           CASE WHEN n.nspname = 'information_schema' AND c.relname !~ '^_pg_' THEN 'SELECT' END
    FROM candidates x
    JOIN pg_catalog.pg_class c ON c.oid = x.oid
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE x.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S')
    UNION ALL
    SELECT 'pg_catalog.pg_namespace'::pg_catalog.regclass, oid, nspowner, nspacl, 'n',
           CASE WHEN nspname = 'information_schema' THEN 'USAGE' END
    FROM pg_catalog.pg_namespace
    WHERE nspname <> 'public'
    UNION ALL
    SELECT 'pg_catalog.pg_proc'::pg_catalog.regclass, oid, proowner, proacl, 'f', NULL FROM pg_catalog.pg_proc
    UNION ALL
    SELECT 'pg_catalog.pg_type'::pg_catalog.regclass, y.oid, y.typowner, y.typacl, 'T', NULL
    FROM candidates x JOIN pg_catalog.pg_type y ON y.oid = x.oid
    WHERE x.class = 'pg_catalog.pg_type'::pg_catalog.regclass
    UNION ALL
    SELECT 'pg_catalog.pg_language'::pg_catalog.regclass, oid, lanowner, lanacl, 'l', NULL FROM pg_catalog.pg_language
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_data_wrapper'::pg_catalog.regclass, oid, fdwowner, fdwacl, 'F', NULL
    FROM pg_catalog.pg_foreign_data_wrapper
    UNION ALL
    SELECT 'pg_catalog.pg_foreign_server'::pg_catalog.regclass, oid, srvowner, srvacl, 'S', NULL
    FROM pg_catalog.pg_foreign_server
), installed AS (
    SELECT p.class, p.oid, p.acl, p.to_public,
           CASE WHEN i.initprivs IS NOT NULL THEN i.initprivs
                WHEN p.to_public IS NOT NULL AND p.oid < 16384 THEN
                    pg_catalog.acldefault(p.kind, p.owner) || pg_catalog.makeaclitem(0, p.owner, p.to_public, false)
           END AS initial,
           pg_catalog.acldefault(p.kind, p.owner) AS usual
    FROM privileged p
    LEFT JOIN pg_catalog.pg_init_privs i ON i.classoid = p.class AND i.objoid = p.oid AND i.objsubid = 0
    LEFT JOIN members m ON m.class = p.class AND m.oid = p.oid
    WHERE m.oid IS NOT NULL OR p.oid < 16384
), changed AS (
    SELECT class, oid, COALESCE(initial, usual) AS initial, COALESCE(acl, usual) AS current
    FROM installed
    WHERE acl IS DISTINCT FROM initial AND (acl IS NOT NULL OR to_public IS NULL)
), touched AS (
    SELECT class, oid FROM changed
    UNION
    SELECT class, oid FROM privileged WHERE oid < 16384 AND owner <> 10
    UNION
    SELECT 'pg_catalog.pg_class'::pg_catalog.regclass, a.attrelid
    FROM candidates x
    JOIN pg_catalog.pg_attribute a ON a.attrelid = x.oid
    LEFT JOIN pg_catalog.pg_init_privs i
           ON i.classoid = 'pg_catalog.pg_class'::pg_catalog.regclass AND i.objoid = a.attrelid AND i.objsubid = a.attnum
    WHERE x.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND a.attacl IS DISTINCT FROM i.initprivs
    UNION
    SELECT m.class, m.oid FROM members m JOIN pg_catalog.pg_description d ON d.classoid = m.class AND d.objoid = m.oid
    WHERE m.oid >= 16384 AND m.class = 'pg_catalog.pg_class'::pg_catalog.regclass
    UNION
    SELECT m.class, m.oid FROM members m JOIN pg_catalog.pg_seclabel l ON l.classoid = m.class AND l.objoid = m.oid
    UNION
    SELECT m.class, m.oid
    FROM members m
    JOIN pg_catalog.pg_class c ON m.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND c.oid = m.oid
    WHERE c.relrowsecurity OR c.relforcerowsecurity
)
SELECT t.class, t.oid, a.type AS kind, a.object_names AS names, a.object_args AS args,
       y.typnamespace AS type_schema, y.typname AS type_name, p.owner, h.initial, h.current,
       COALESCE(c.relrowsecurity, false) AS row_security, COALESCE(c.relforcerowsecurity, false) AS force_row_security
FROM touched t
CROSS JOIN LATERAL pg_catalog.pg_identify_object_as_address(t.class, t.oid, 0) a
LEFT JOIN privileged p ON p.class = t.class AND p.oid = t.oid
LEFT JOIN changed h ON h.class = t.class AND h.oid = t.oid
LEFT JOIN LATERAL (
    SELECT typnamespace, typname FROM pg_catalog.pg_type
    WHERE t.class = 'pg_catalog.pg_type'::pg_catalog.regclass AND oid = t.oid OFFSET 0
) y ON true
LEFT JOIN LATERAL (
    SELECT relrowsecurity, relforcerowsecurity FROM pg_catalog.pg_class
    WHERE t.class = 'pg_catalog.pg_class'::pg_catalog.regclass AND oid = t.oid OFFSET 0
) c ON true
