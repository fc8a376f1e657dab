SELECT r.{{column}}::text AS lower FROM ONLY {{table}} AS r WHERE {{condition}} ORDER BY r.{{column}} LIMIT 1
