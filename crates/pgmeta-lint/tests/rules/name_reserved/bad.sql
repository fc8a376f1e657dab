CREATE SCHEMA app;
CREATE TABLE app."user" (id int PRIMARY KEY, "order" int, "left" int);
CREATE VIEW app."table" AS SELECT 1 AS "end";
CREATE FUNCTION app."select"() RETURNS int LANGUAGE sql AS 'SELECT 1';
