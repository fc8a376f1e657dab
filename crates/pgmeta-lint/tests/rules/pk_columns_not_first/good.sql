CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, name text);
-- In another order within the key.
CREATE TABLE app.u (a int, b int, x text, PRIMARY KEY (b, a));
CREATE TABLE app.none (a int);
-- Columns of a parent come first.
CREATE TABLE app.child (id int PRIMARY KEY) INHERITS (app.none);
