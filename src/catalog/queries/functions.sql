-- Part of a range type are the functions that CREATE TYPE made for it, which take their names from it.
-- Defaults are those of the last arguments only: from where they can begin.
SELECT p.oid, p.pronamespace AS schema, p.proname AS name, p.proowner AS owner, p.proacl AS acl, p.prokind AS kind,
       ARRAY(
           SELECT pg_catalog.format_type(t.oid, NULL)
           FROM pg_catalog.unnest(COALESCE(p.proallargtypes, p.proargtypes::pg_catalog.oid[])) WITH ORDINALITY AS t (oid, n)
           ORDER BY t.n
       ) AS argument_types,
       p.proargmodes AS argument_modes, p.proargnames AS argument_names,
       CASE WHEN p.pronargdefaults > 0 THEN ARRAY(
           SELECT pg_catalog.pg_get_function_arg_default(p.oid, n)
           FROM pg_catalog.generate_series(p.pronargs - p.pronargdefaults + 1,
                                           COALESCE(pg_catalog.array_length(p.proallargtypes, 1), p.pronargs)) AS n
           ORDER BY n
       ) END AS argument_defaults,
       pg_catalog.format_type(p.prorettype, NULL) AS returns, p.proretset AS returns_set, l.lanname AS language,
       ARRAY(
           SELECT pg_catalog.format_type(t.oid, NULL)
           FROM pg_catalog.unnest(p.protrftypes) WITH ORDINALITY AS t (oid, n) ORDER BY t.n
       ) AS transforms,
       p.provolatile AS volatility, p.proparallel AS parallel, p.proisstrict AS strict,
       p.prosecdef AS security_definer, p.proleakproof AS leakproof, p.procost AS cost, p.prorows AS rows,
       NULLIF(p.prosupport::pg_catalog.text, '-') AS support, p.proconfig AS settings,
       p.prosrc AS definition, p.probin AS object_file,
       p.prosqlbody IS NOT NULL AS has_sql_body,
       CASE WHEN p.prosqlbody IS NOT NULL THEN pg_catalog.pg_get_function_sqlbody(p.oid) END AS sql_body,
       d.refclassid AS part_of_class, d.refobjid AS part_of
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
LEFT JOIN pg_catalog.pg_depend d
    ON d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'i'
WHERE p.pronamespace = ANY($1) AND p.prokind <> 'a'
