-- The operator classes by default of the types that are stored as others, or others as they: one for each access method.
WITH casts AS (
  SELECT c.castsource AS source, c.casttarget AS target_type, c.castcontext = 'i' AS is_implicit
  FROM pg_catalog.pg_cast c WHERE c.castmethod = 'b'
)
-- A type without a class of its own has that of the type as which it is stored, if possible of the main type of a category.
SELECT DISTINCT ON (t.oid, a.oid) pg_catalog.format_type(t.oid, NULL) AS name, a.amname AS method, o.opcname AS class
FROM (SELECT source AS oid FROM casts UNION SELECT target_type FROM casts) t
JOIN pg_catalog.pg_opclass o ON o.opcdefault AND (o.opcintype = t.oid
  OR EXISTS (SELECT FROM casts c WHERE c.source = t.oid AND c.target_type = o.opcintype AND c.is_implicit))
JOIN pg_catalog.pg_type i ON i.oid = o.opcintype
JOIN pg_catalog.pg_am a ON a.oid = o.opcmethod
ORDER BY t.oid, a.oid, o.opcintype = t.oid DESC, i.typispreferred DESC
