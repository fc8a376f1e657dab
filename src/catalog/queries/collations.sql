-- Those of other encodings than the database's cannot be used, or made, in it.
SELECT c.oid, c.collnamespace AS schema, c.collname AS name, c.collowner AS owner, c.collprovider AS provider,
       NOT c.collisdeterministic AS nondeterministic, {{colllocale}} AS locale,
       c.collcollate::pg_catalog.text AS lc_collate, c.collctype::pg_catalog.text AS lc_ctype, {{collicurules}} AS rules
FROM pg_catalog.pg_collation c
WHERE c.collnamespace = ANY($1)
  AND c.collencoding IN (-1, pg_catalog.pg_char_to_encoding(pg_catalog.getdatabaseencoding()))
