-- Defaults and generation expressions. Only the latter name columns; without a relation the server need not open one.
SELECT d.adrelid AS relation, d.adnum AS number, d.oid,
       pg_catalog.pg_get_expr(d.adbin, CASE WHEN pg_catalog.strpos(d.adbin::pg_catalog.text, '{VAR ') > 0
                                            THEN d.adrelid ELSE 0::pg_catalog.oid END) AS expression
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid
WHERE c.relnamespace = ANY($1) OR c.oid = ANY($2)
