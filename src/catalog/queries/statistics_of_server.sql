-- What the counters of use are worth, and how old the oldest transaction number is.
SELECT EXTRACT(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.pg_stat_get_db_stat_reset_time(d.oid))::float8 AS seconds_since_reset,
       pg_catalog.pg_is_in_recovery() AS standby,
       EXISTS (SELECT FROM pg_catalog.pg_stat_get_wal_senders())
           OR EXISTS (SELECT FROM pg_catalog.pg_replication_slots r WHERE r.slot_type = 'physical') AS has_standbys,
       d.datname AS name, pg_catalog.age(d.datfrozenxid)::int8 AS age,
       pg_catalog.current_setting('autovacuum_freeze_max_age')::int8 AS freeze_max_age
FROM pg_catalog.pg_database d
WHERE d.datname = pg_catalog.current_database()
