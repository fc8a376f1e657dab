SELECT a.attrelid AS relation, a.attnum AS number, a.attname AS name, a.atttypid AS data_type, a.atttypmod AS typmod,
       a.attnotnull AS not_null, a.atthasdef AS has_default,
       NULLIF(a.attgenerated, '') AS generated, NULLIF(a.attidentity, '') AS identity,
       a.attcollation AS collation, a.attislocal AS local, a.attinhcount > 0 AS has_parent,
       a.attstorage AS storage,
       NULLIF(a.attcompression, '') AS compression, {{attstattarget}} AS statistics_target,
       CASE WHEN pg_catalog.cardinality(a.attoptions) > 1 OR a.attoptions[1] !~~ 'pg_attver=%' THEN a.attoptions END AS options, a.attfdwoptions AS foreign_options, a.attacl AS acl,
       {{not_null_name}} AS not_null_name, {{not_null_oid}} AS not_null_oid,
       {{not_null_no_inherit}} AS not_null_no_inherit, {{not_null_valid}} AS not_null_valid,
       {{not_null_local}} AS not_null_local
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
{{join_not_null}}
WHERE (c.relnamespace = ANY($1) OR c.oid = ANY($2)) AND c.relkind IN ('r', 'p', 'f', 'v', 'm')
  -- The second condition names both tables, so that it is evaluated for joined rows only: the column is at the end of the row.
  AND a.attnum > 0 AND (NOT a.attisdropped OR c.relnatts < 0)
