-- The owning column is named only where its table may be out of scope: columns have been read before.
SELECT c.oid, c.relname AS name, c.relnamespace AS schema, c.relowner AS owner, c.relacl AS acl,
       c.relpersistence AS persistence, s.seqtypid AS data_type, s.seqstart AS start, s.seqincrement AS increment,
       s.seqmin AS min, s.seqmax AS max, s.seqcache AS cache, s.seqcycle AS cycle,
       d.refobjid AS owner_table, d.refobjsubid::pg_catalog.int2 AS owner_number,
       CASE WHEN {{partial}} THEN (
           SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
       ) END AS owner_column, d.deptype AS owner_kind
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
LEFT JOIN pg_catalog.pg_depend d
    ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.objsubid = 0
   AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
WHERE c.relkind = 'S' AND (c.relnamespace = ANY($1) OR c.oid = ANY($2) OR d.refobjid = ANY($2))
