CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a int, b text, c int, u int);
CREATE INDEX t_a ON app.t (a);
-- The name of one is in the name of the other.
CREATE INDEX t_ab ON app.t (a, b);
CREATE INDEX t_b ON app.t (b);
-- Operator class, collation, method, condition, null order.
CREATE INDEX t_b_like ON app.t (b text_pattern_ops);
CREATE INDEX t_b_c ON app.t (b COLLATE "C");
CREATE INDEX t_a_hash ON app.t USING hash (a);
CREATE INDEX t_a_positive ON app.t (a) WHERE a > 0;
CREATE INDEX t_a_negative ON app.t (a) WHERE a < 0;
CREATE INDEX t_a_nulls ON app.t (a NULLS FIRST);
CREATE INDEX t_ac ON app.t (a, c);
CREATE INDEX t_ac_mixed ON app.t (a, c DESC);
CREATE INDEX t_ca ON app.t (c, a);
CREATE INDEX t_c ON app.t (c) INCLUDE (u);
-- They enforce different things.
CREATE UNIQUE INDEX t_u ON app.t (u);
CREATE UNIQUE INDEX t_u_nulls ON app.t (u) WHERE u IS NULL;
CREATE TABLE app.d (id int PRIMARY KEY, x int UNIQUE DEFERRABLE);
CREATE UNIQUE INDEX d_x ON app.d (x);
-- Each partition has a part of the same index.
CREATE TABLE app.events (a int, day date) PARTITION BY RANGE (day);
CREATE TABLE app.events_1 PARTITION OF app.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE INDEX events_a ON app.events (a);
-- Their storage parameters differ.
CREATE TABLE app.stored (id int PRIMARY KEY, a int, b int);
CREATE INDEX stored_a ON app.stored (a);
CREATE INDEX stored_a_half ON app.stored (a) WITH (fillfactor = 50);
CREATE INDEX stored_b ON app.stored USING brin (b);
CREATE INDEX stored_b_fine ON app.stored USING brin (b) WITH (pages_per_range = 4);
