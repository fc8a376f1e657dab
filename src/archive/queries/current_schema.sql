SELECT pg_catalog.current_schema()::text AS schema
