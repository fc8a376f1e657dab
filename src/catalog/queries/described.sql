-- What objects of catalogs ($1) with OIDs ($2) are called, in the order given, and whether the caller may use the schema that each is in.
SELECT f.class, f.oid, o.type, o.identity, a.object_names AS names, a.object_args AS args, NOT EXISTS (
        SELECT FROM pg_catalog.pg_namespace n
        WHERE (pg_catalog.quote_ident(n.nspname) = o.schema OR (pg_catalog.cardinality(a.object_names) > 1 AND n.nspname = a.object_names[1]))
            AND NOT pg_catalog.has_schema_privilege(n.oid, 'USAGE')
    ) AS usable
FROM ROWS FROM (pg_catalog.unnest($1), pg_catalog.unnest($2)) WITH ORDINALITY AS f (class, oid, position)
CROSS JOIN LATERAL pg_catalog.pg_identify_object(f.class, f.oid, 0) o
CROSS JOIN LATERAL pg_catalog.pg_identify_object_as_address(f.class, f.oid, 0) a
WHERE o.identity IS NOT NULL AND a.object_names IS NOT NULL
ORDER BY f.position
