CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a int, b int);
CREATE TABLE app.keyless (a int, b int, c int);
