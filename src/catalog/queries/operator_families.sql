SELECT f.oid, m.amname AS method, f.opfnamespace AS schema, f.opfname AS name, f.opfowner AS owner
FROM pg_catalog.pg_opfamily f
JOIN pg_catalog.pg_am m ON m.oid = f.opfmethod
WHERE f.opfnamespace = ANY($1)
