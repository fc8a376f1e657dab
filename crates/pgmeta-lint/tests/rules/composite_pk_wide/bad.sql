CREATE SCHEMA app;
CREATE TABLE app.t (a int, b int, c int, d int, e int, PRIMARY KEY (a, b, c, d, e));
