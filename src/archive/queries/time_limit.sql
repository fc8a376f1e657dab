SELECT ({{value}})::text AS value
