CREATE SCHEMA app;
CREATE TABLE app.t (a int, b int, c int, d int, e int, PRIMARY KEY (a, b, c, d) INCLUDE (e));
CREATE TABLE app.u (a int, b int, c int, d int, e int, UNIQUE (a, b, c, d, e));
