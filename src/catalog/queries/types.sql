-- Without domains, which have a query of their own, and without array, multirange and row types, which come with something
-- else. CREATE TYPE refuses the subscript handler of arrays.
SELECT t.oid, t.typnamespace AS schema, t.typname AS name, t.typowner AS owner, t.typacl AS acl,
       t.typtype AS kind, t.typisdefined AS defined, t.typarray AS array_type, t.typrelid AS relation,
       e.labels AS enum_labels,
       a.numbers AS attribute_numbers, a.names AS attribute_names, a.types AS attribute_types,
       a.collation_schemas AS attribute_collation_schemas, a.collation_names AS attribute_collation_names,
       CASE WHEN r.rngtypid IS NOT NULL THEN pg_catalog.format_type(r.rngsubtype, NULL) END AS subtype,
       o.opcnamespace AS operator_class_schema, o.opcname AS operator_class,
       rc.collnamespace AS collation_schema, rc.collname AS collation,
       NULLIF(r.rngcanonical::pg_catalog.text, '-') AS canonical,
       NULLIF(r.rngsubdiff::pg_catalog.text, '-') AS subtype_diff,
       m.oid AS multirange, m.typarray AS multirange_array, m.typnamespace AS multirange_schema, m.typname AS multirange_name,
       m.typacl AS multirange_acl,
       t.typinput::pg_catalog.text AS input, t.typoutput::pg_catalog.text AS output,
       NULLIF(t.typreceive::pg_catalog.text, '-') AS receive, NULLIF(t.typsend::pg_catalog.text, '-') AS send,
       NULLIF(t.typmodin::pg_catalog.text, '-') AS typmod_in, NULLIF(t.typmodout::pg_catalog.text, '-') AS typmod_out,
       NULLIF(t.typanalyze::pg_catalog.text, '-') AS analyze, NULLIF(t.typsubscript::pg_catalog.text, '-') AS subscript,
       t.typlen AS length, t.typbyval AS passed_by_value, t.typalign AS alignment, t.typstorage AS storage,
       t.typcategory AS category, t.typispreferred AS preferred, t.typdefault AS "default",
       CASE WHEN t.typelem <> 0 THEN pg_catalog.format_type(t.typelem, NULL) END AS element,
       t.typdelim AS delimiter, t.typcollation <> 0 AS collatable
FROM pg_catalog.pg_type t
LEFT JOIN (
    SELECT enumtypid, pg_catalog.array_agg(enumlabel ORDER BY enumsortorder) AS labels
    FROM pg_catalog.pg_enum GROUP BY enumtypid
) e ON e.enumtypid = t.oid
LEFT JOIN (
    SELECT a.attrelid,
           pg_catalog.array_agg(a.attnum ORDER BY a.attnum) AS numbers,
           pg_catalog.array_agg(a.attname ORDER BY a.attnum) AS names,
           pg_catalog.array_agg(pg_catalog.format_type(a.atttypid, a.atttypmod) ORDER BY a.attnum) AS types,
           pg_catalog.array_agg(COALESCE(l.collnamespace, 0::pg_catalog.oid) ORDER BY a.attnum) AS collation_schemas,
           pg_catalog.array_agg(COALESCE(l.collname, '') ORDER BY a.attnum) AS collation_names
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
    LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND a.attcollation <> at.typcollation
    WHERE c.relkind = 'c' AND c.relnamespace = ANY($1)
    GROUP BY a.attrelid
) a ON a.attrelid = t.typrelid
LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
LEFT JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
LEFT JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc AND NOT o.opcdefault
LEFT JOIN pg_catalog.pg_collation rc ON rc.oid = r.rngcollation AND r.rngcollation <> s.typcollation
LEFT JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
WHERE t.typnamespace = ANY($1)
  AND (t.typtype IN ('b', 'e', 'r') OR t.typtype = 'p' AND NOT t.typisdefined
       OR t.typtype = 'c' AND t.typrelid IN (SELECT oid FROM pg_catalog.pg_class WHERE relkind = 'c'))
  AND t.typsubscript <> 'pg_catalog.array_subscript_handler'::pg_catalog.regproc
