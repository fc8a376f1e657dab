SELECT oid, tmplnamespace AS schema, tmplname AS name,
       tmpllexize::pg_catalog.text AS lexize, NULLIF(tmplinit::pg_catalog.text, '-') AS init
FROM pg_catalog.pg_ts_template
WHERE tmplnamespace = ANY($1)
