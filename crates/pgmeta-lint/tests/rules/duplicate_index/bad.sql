CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a int, b text, c int NOT NULL, u int UNIQUE);
-- Twins by text, by direction, by null order of a column without nulls.
CREATE INDEX t_a_1 ON app.t (a);
CREATE INDEX t_a_2 ON app.t (a);
CREATE INDEX t_a_down ON app.t (a DESC);
CREATE INDEX t_ac ON app.t (a, c DESC);
CREATE INDEX t_ac_down ON app.t (a DESC, c);
CREATE INDEX t_c ON app.t (c);
CREATE INDEX t_c_nulls ON app.t (c NULLS FIRST);
-- A plain index beside a constraint, and beside the primary key.
CREATE INDEX t_u ON app.t (u);
CREATE UNIQUE INDEX t_id ON app.t (id);
-- Expressions, conditions, stored columns in any order, other methods.
CREATE INDEX t_lower_1 ON app.t (lower(b));
CREATE INDEX t_lower_2 ON app.t (lower(b));
CREATE INDEX t_part_1 ON app.t (b) WHERE a > 0;
CREATE INDEX t_part_2 ON app.t (b) WHERE a > 0;
CREATE INDEX t_inc_1 ON app.t (b) INCLUDE (a, c);
CREATE INDEX t_inc_2 ON app.t (b) INCLUDE (c, a);
CREATE INDEX t_hash_1 ON app.t USING hash (b);
CREATE INDEX t_hash_2 ON app.t USING hash (b);
-- A second constraint.
CREATE TABLE app.both (id int PRIMARY KEY);
ALTER TABLE app.both ADD UNIQUE (id);
-- The same that a foreign key refers to: it stays.
CREATE TABLE app.referenced (id int PRIMARY KEY);
ALTER TABLE app.referenced ADD UNIQUE (id);
CREATE TABLE app.refers (id int REFERENCES app.referenced (id));
-- Partitioned: once, with its parts.
CREATE TABLE app.events (a int, day date) PARTITION BY RANGE (day);
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX events_a_1 ON app.events (a);
CREATE INDEX events_a_2 ON app.events (a);
-- A partition's own index beside a part of its parent's.
CREATE INDEX events_1_own ON app.events_1 (a);
CREATE MATERIALIZED VIEW app.stored AS SELECT 1 AS one;
CREATE INDEX stored_1 ON app.stored (one);
CREATE INDEX stored_2 ON app.stored (one);
-- A key that is stored once more.
CREATE TABLE app.twice (id int PRIMARY KEY, a int);
CREATE INDEX twice_a ON app.twice (a);
CREATE INDEX twice_a_a ON app.twice (a) INCLUDE (a);
-- A foreign key may need the one or the other: both stay.
CREATE TABLE app.guarded (a int NOT NULL);
CREATE UNIQUE INDEX guarded_a ON app.guarded (a);
CREATE TABLE app.guards (a int REFERENCES app.guarded (a));
ALTER TABLE app.guarded ADD UNIQUE (a);
