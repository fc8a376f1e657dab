CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a int, b int, c text, d int UNIQUE, e int UNIQUE);
CREATE INDEX t_ab ON app.t (a, b);
-- Not its beginning.
CREATE INDEX t_b ON app.t (b);
-- Another order, class, condition, method.
CREATE INDEX t_a_nulls ON app.t (a NULLS FIRST);
CREATE INDEX t_a_part ON app.t (a) WHERE b > 0;
CREATE INDEX t_a_hash ON app.t USING hash (a);
CREATE INDEX t_c_like ON app.t (c text_pattern_ops);
CREATE INDEX t_ca ON app.t (c, a);
-- It enforces something, also with a longer one beside it.
CREATE INDEX t_da ON app.t (d, a);
CREATE INDEX t_e ON app.t (e) INCLUDE (a);
-- The table is clustered on it.
CREATE TABLE app.clustered (id int PRIMARY KEY, a int, b int);
CREATE INDEX clustered_a ON app.clustered (a);
CREATE INDEX clustered_ab ON app.clustered (a, b);
ALTER TABLE app.clustered CLUSTER ON clustered_a;
