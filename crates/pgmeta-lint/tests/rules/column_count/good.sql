CREATE SCHEMA app;
DO $$ BEGIN EXECUTE (SELECT 'CREATE TABLE app.wide (' || string_agg('c' || n || ' int', ', ') || ')' FROM generate_series(1, 50) n); END $$;
ALTER TABLE app.wide ADD dropped int; ALTER TABLE app.wide DROP dropped;
