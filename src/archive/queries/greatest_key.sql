(SELECT pg_catalog.max({{column}})::numeric FROM {{parent}})
