SELECT c.oid, c.connamespace AS schema, c.conname AS name, c.conowner AS owner,
       pg_catalog.pg_encoding_to_char(c.conforencoding) AS source,
       pg_catalog.pg_encoding_to_char(c.contoencoding) AS destination,
       c.conproc::pg_catalog.text AS function, c.condefault AS is_default
FROM pg_catalog.pg_conversion c
WHERE c.connamespace = ANY($1)
