CREATE SCHEMA app;
CREATE TABLE app.plain (id bigint NOT NULL);
-- A unique constraint is not a primary key, even without nulls.
CREATE TABLE app.unique_only (id bigint NOT NULL UNIQUE);
-- A partitioned table is reported once, its partitions are not.
CREATE TABLE app.events (id bigint, day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE app.events_2024 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
-- A child does not inherit the key of its parent.
CREATE TABLE app.parent (id bigint PRIMARY KEY);
CREATE TABLE app.child () INHERITS (app.parent);
