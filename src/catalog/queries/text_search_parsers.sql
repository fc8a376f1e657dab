SELECT oid, prsnamespace AS schema, prsname AS name,
       prsstart::pg_catalog.text AS start, prstoken::pg_catalog.text AS get_token, prsend::pg_catalog.text AS "end",
       prslextype::pg_catalog.text AS lex_types, NULLIF(prsheadline::pg_catalog.text, '-') AS headline
FROM pg_catalog.pg_ts_parser
WHERE prsnamespace = ANY($1)
