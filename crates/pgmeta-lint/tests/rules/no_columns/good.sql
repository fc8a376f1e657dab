CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY);
CREATE TABLE app.child () INHERITS (app.t);
CREATE TYPE app.nothing AS ();
