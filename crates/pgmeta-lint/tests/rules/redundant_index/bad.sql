CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a int, b int, c int, UNIQUE (c, a));
CREATE INDEX t_a ON app.t (a);
CREATE INDEX t_ab ON app.t (a, b);
CREATE INDEX t_ab_inc ON app.t (a, b) INCLUDE (c);
-- Read backwards.
CREATE INDEX t_b ON app.t (b DESC);
CREATE INDEX t_bc ON app.t (b, c DESC);
-- Covered by a constraint.
CREATE INDEX t_c ON app.t (c);
-- With a condition.
CREATE INDEX t_part ON app.t (a) WHERE b > 0;
CREATE INDEX t_part_longer ON app.t (a, c) WHERE b > 0;
