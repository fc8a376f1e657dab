SELECT d.oid, d.dictnamespace AS schema, d.dictname AS name, d.dictowner AS owner,
       t.tmplnamespace AS template_schema, t.tmplname AS template, d.dictinitoption AS options
FROM pg_catalog.pg_ts_dict d
JOIN pg_catalog.pg_ts_template t ON t.oid = d.dicttemplate
WHERE d.dictnamespace = ANY($1)
