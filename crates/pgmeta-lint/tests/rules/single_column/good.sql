CREATE SCHEMA app;
CREATE TABLE app.colors (color text PRIMARY KEY);
CREATE TABLE app.cars (id int PRIMARY KEY, color text REFERENCES app.colors);
CREATE TABLE app.none ();
CREATE VIEW app.v AS SELECT 1 AS one;
