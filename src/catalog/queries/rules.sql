-- The rule that is a view's query is part of the view; it counts only where it has a comment.
SELECT r.oid, r.ev_class AS relation, c.relkind AS relation_kind, r.rulename AS name, r.ev_enabled AS firing,
       r.ev_type = '1' AS is_query,
       CASE WHEN r.ev_type <> '1' THEN pg_catalog.pg_get_ruledef(r.oid) END AS definition
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
LEFT JOIN pg_catalog.pg_description d ON d.classoid = 'pg_catalog.pg_rewrite'::pg_catalog.regclass AND d.objoid = r.oid
WHERE (c.relnamespace = ANY($1) OR c.oid = ANY($2))
  AND (r.ev_type <> '1' OR d.objoid IS NOT NULL)
