-- What operator families and classes consist of: a member depends on the one that it was added to. It may depend
-- on another family too, which orders by it.
SELECT d.classid AS class, d.objid AS oid, d.refclassid AS of_class, d.refobjid AS of,
       COALESCE(o.amopstrategy, p.amprocnum) AS number,
       pg_catalog.format_type(COALESCE(o.amoplefttype, p.amproclefttype), NULL) AS left_type,
       pg_catalog.format_type(COALESCE(o.amoprighttype, p.amprocrighttype), NULL) AS right_type,
       COALESCE(o.amopopr::pg_catalog.regoperator::pg_catalog.text,
                p.amproc::pg_catalog.oid::pg_catalog.regprocedure::pg_catalog.text) AS sql,
       s.opfnamespace AS order_by_schema, s.opfname AS order_by
FROM pg_catalog.pg_depend d
LEFT JOIN pg_catalog.pg_amop o
    ON d.classid = 'pg_catalog.pg_amop'::pg_catalog.regclass AND o.oid = d.objid
LEFT JOIN pg_catalog.pg_amproc p
    ON d.classid = 'pg_catalog.pg_amproc'::pg_catalog.regclass AND p.oid = d.objid
LEFT JOIN pg_catalog.pg_opfamily s ON s.oid = o.amopsortfamily
WHERE d.classid IN ('pg_catalog.pg_amop'::pg_catalog.regclass, 'pg_catalog.pg_amproc'::pg_catalog.regclass)
  AND (d.refclassid = 'pg_catalog.pg_opclass'::pg_catalog.regclass
           AND d.refobjid IN (SELECT c.oid FROM pg_catalog.pg_opclass c WHERE c.opcnamespace = ANY($1))
       OR d.refclassid = 'pg_catalog.pg_opfamily'::pg_catalog.regclass
           AND d.refobjid = COALESCE(o.amopfamily, p.amprocfamily)
           AND d.refobjid IN (SELECT f.oid FROM pg_catalog.pg_opfamily f WHERE f.opfnamespace = ANY($1)))
