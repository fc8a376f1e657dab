-- A connection limit of -2 marks what an interrupted DROP DATABASE left behind.
SELECT d.oid, d.datname AS name, d.datdba AS owner, d.datacl AS acl, d.datname = pg_catalog.current_database() AS current,
       pg_catalog.pg_encoding_to_char(d.encoding) AS encoding, {{datlocprovider}} AS locale_provider,
       d.datcollate::pg_catalog.text AS lc_collate, d.datctype::pg_catalog.text AS lc_ctype, {{datlocale}} AS locale,
       {{daticurules}} AS icu_rules, NULLIF(t.spcname, 'pg_default') AS tablespace, d.datistemplate AS is_template,
       d.datallowconn AS allow_connections, d.datconnlimit AS connection_limit
FROM pg_catalog.pg_database d
LEFT JOIN pg_catalog.pg_tablespace t ON t.oid = d.dattablespace
WHERE d.datconnlimit <> -2
