CREATE SCHEMA app;
CREATE TABLE app.t (a int);
CREATE UNIQUE INDEX t_a ON app.t (a);
-- An index of a partitioned table is invalid until all partitions have a part of it.
CREATE TABLE app.events (a int) PARTITION BY LIST (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
CREATE INDEX events_a ON ONLY app.events (a);
