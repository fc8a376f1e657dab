-- The extension's public functions and procedures: each form of each, and what its comment says.
SELECT p.proname AS name, pg_catalog.pg_get_function_arguments(p.oid) AS arguments,
    CASE WHEN p.proargmodes @> '{t}'::"char"[] THEN (
        SELECT 'TABLE (' || pg_catalog.string_agg(pg_catalog.quote_ident(a.name), ', ' ORDER BY a.position) || ')'
        FROM ROWS FROM (pg_catalog.unnest(p.proargnames), pg_catalog.unnest(p.proargmodes)) WITH ORDINALITY AS a (name, mode, position)
        WHERE a.mode = 't'
    ) WHEN p.prokind <> 'p' THEN pg_catalog.pg_get_function_result(p.oid) END AS result,
    coalesce(pg_catalog.obj_description(p.oid, 'pg_proc'), '') AS comment
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_extension'::pg_catalog.regclass AND d.refobjid = e.oid
    AND d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.deptype = 'e'
JOIN pg_catalog.pg_proc p ON p.oid = d.objid
WHERE e.extname = 'pgmeta' AND p.proname LIKE 'pgmeta\_%'
