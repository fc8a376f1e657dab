INSERT INTO {{table}} ({{columns}}) OVERRIDING SYSTEM VALUE
SELECT {{values}} FROM pg_catalog.unnest($1) AS l (line),
    pg_catalog.json_populate_record(NULL::{{table}}, pg_catalog.convert_from(l.line, {{encoding}})::pg_catalog.json) AS r
