SELECT pg_catalog.current_database()::text AS database, pg_catalog.pg_current_wal_lsn()::text AS lsn,
    pg_catalog.clock_timestamp()::text AS now, pg_catalog.left(pg_catalog.gen_random_uuid()::text, 13) AS attempt, pg_catalog.getdatabaseencoding()::text AS encoding
