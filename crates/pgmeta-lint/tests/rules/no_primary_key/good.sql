CREATE SCHEMA app;
CREATE TABLE app.plain (id bigint PRIMARY KEY);
-- The key of a partitioned table is that of its partitions.
CREATE TABLE app.events (id bigint, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE app.events_2024 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
-- Foreign tables and views cannot have one.
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER there FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE app.remote (id bigint) SERVER there;
CREATE VIEW app.view AS SELECT 1 AS id;
CREATE MATERIALIZED VIEW app.stored AS SELECT 1 AS id;
-- The row type of a composite type is not a table.
CREATE TYPE app.pair AS (a int, b int);
