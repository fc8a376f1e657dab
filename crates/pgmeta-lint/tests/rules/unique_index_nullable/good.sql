CREATE SCHEMA app;
CREATE TABLE app.t (a int NOT NULL UNIQUE, b int, c int, d int, UNIQUE NULLS NOT DISTINCT (b));
CREATE UNIQUE INDEX t_c ON app.t (c) WHERE c IS NOT NULL;
CREATE UNIQUE INDEX t_d ON app.t (COALESCE(d, 0));
CREATE INDEX t_plain ON app.t (b, c);
CREATE TABLE app.keyed (id int PRIMARY KEY);
