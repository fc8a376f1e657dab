SELECT pg_catalog.current_database()::text AS name
