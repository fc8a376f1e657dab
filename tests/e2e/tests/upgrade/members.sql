-- The objects of the extension, one line for each, without anything that depends on the order of their creation.
SELECT line FROM (
    SELECT 'function ' || p.oid::regprocedure || concat_ws(' ', '', pg_get_function_result(p.oid), pg_get_function_arguments(p.oid),
        p.provolatile, p.proparallel, p.proisstrict, p.prosecdef, p.proconfig, p.prorows, p.procost, p.prokind, l.lanname, p.proacl, md5(p.prosrc),
        obj_description(p.oid, 'pg_proc')) AS line
    FROM pg_proc p JOIN pg_language l ON l.oid = p.prolang JOIN pg_depend d ON d.classid = 'pg_proc'::regclass AND d.objid = p.oid
    WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
        AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pgmeta')
    UNION ALL
    SELECT concat_ws(' ', 'relation', c.oid::regclass, c.relkind, c.relacl, pg_get_userbyid(c.relowner), c.reloptions, c.relrowsecurity,
        CASE c.relkind WHEN 'v' THEN pg_get_viewdef(c.oid) END, c.oid = ANY (e.extconfig))
    FROM pg_class c, pg_extension e WHERE c.relnamespace = 'pgmeta'::regnamespace AND c.relkind IN ('r', 'v', 'S') AND e.extname = 'pgmeta'
    UNION ALL
    SELECT concat_ws(' ', 'column', a.attrelid::regclass, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
        pg_get_expr(f.adbin, f.adrelid))
    FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid LEFT JOIN pg_attrdef f ON f.adrelid = a.attrelid AND f.adnum = a.attnum
    WHERE c.relnamespace = 'pgmeta'::regnamespace AND c.relkind IN ('r', 'v') AND a.attnum > 0 AND NOT a.attisdropped
    UNION ALL
    SELECT concat_ws(' ', 'constraint', conrelid::regclass, conname, pg_get_constraintdef(oid))
    FROM pg_constraint WHERE connamespace = 'pgmeta'::regnamespace
    UNION ALL
    SELECT indexdef FROM pg_indexes WHERE schemaname = 'pgmeta'
    UNION ALL
    SELECT concat_ws(' ', 'member', pg_describe_object(d.classid, d.objid, 0))
    FROM pg_depend d WHERE d.refclassid = 'pg_extension'::regclass AND d.deptype = 'e'
        AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'pgmeta')
    UNION ALL
    SELECT concat_ws(' ', 'event trigger', evtname, evtevent, evtfoid::regproc, evtenabled, evttags) FROM pg_event_trigger
    UNION ALL
    SELECT concat_ws(' ', 'wrapper', fdwname, fdwacl, fdwvalidator::regproc) FROM pg_foreign_data_wrapper
    UNION ALL
    SELECT concat_ws(' ', 'schema', nspname, nspacl) FROM pg_namespace WHERE nspname = 'pgmeta'
) members ORDER BY line COLLATE "C";
