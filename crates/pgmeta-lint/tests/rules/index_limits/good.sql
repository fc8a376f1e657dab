CREATE SCHEMA app;
CREATE TABLE app.t (a int, b int, c int, d int, e int, f int, UNIQUE (a, b, c, d, e) INCLUDE (f));
CREATE INDEX ON app.t (a) INCLUDE (b);
CREATE INDEX ON app.t ((a + 1), (a + 2), a);
