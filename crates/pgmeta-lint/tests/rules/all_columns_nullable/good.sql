CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a int, b int NOT NULL);
CREATE TABLE app.one (id int PRIMARY KEY, a int);
CREATE TABLE app.keys (a int, b int, PRIMARY KEY (a, b));
-- A domain that is never null does not count as a column that is.
CREATE TABLE app.empty ();
