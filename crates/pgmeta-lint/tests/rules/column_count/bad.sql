CREATE SCHEMA app;
DO $$ BEGIN EXECUTE (SELECT 'CREATE TABLE app.wide (' || string_agg('c' || n || ' int', ', ') || ')' FROM generate_series(1, 51) n); END $$;
