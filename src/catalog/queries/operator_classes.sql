SELECT c.oid, m.amname AS method, c.opcnamespace AS schema, c.opcname AS name, c.opcowner AS owner,
       pg_catalog.format_type(c.opcintype, NULL) AS data_type,
       f.opfnamespace AS family_schema, f.opfname AS family, c.opcdefault AS is_default,
       CASE WHEN c.opckeytype <> 0 THEN pg_catalog.format_type(c.opckeytype, NULL) END AS storage
FROM pg_catalog.pg_opclass c
JOIN pg_catalog.pg_am m ON m.oid = c.opcmethod
JOIN pg_catalog.pg_opfamily f ON f.oid = c.opcfamily
WHERE c.opcnamespace = ANY($1)
