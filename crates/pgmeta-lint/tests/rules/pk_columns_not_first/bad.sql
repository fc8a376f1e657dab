CREATE SCHEMA app;
CREATE TABLE app.t (name text, id int PRIMARY KEY);
CREATE TABLE app.u (a int, x text, b int, PRIMARY KEY (a, b));
