CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE DOMAIN app.number AS bigint;
CREATE TABLE app.a (id int, no bigint, name varchar(10));
CREATE TABLE app.b (id uuid, no app.number, name varchar(20));
CREATE TABLE app.child (more int) INHERITS (app.a);
-- In another schema, and in a view.
CREATE TABLE other.a (no text);
CREATE VIEW app.v AS SELECT no::text AS no FROM app.a;
