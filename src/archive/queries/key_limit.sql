SELECT GREATEST(pg_catalog.max({{column}})::numeric - $1::numeric, -9223372036854775808)::int8::text AS value FROM {{parent}}
