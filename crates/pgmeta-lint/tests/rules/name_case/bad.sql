CREATE SCHEMA app;
CREATE SCHEMA "Shop";
CREATE TABLE "Shop"."OrderItems" ("Id" bigint PRIMARY KEY, "2nd" int, "with space" int, größe int);
CREATE VIEW app."V" AS SELECT 1 AS "One";
CREATE FUNCTION app."doIt"() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE TYPE app."Kind" AS ENUM ('A');
CREATE DOMAIN app."Word" AS text;
CREATE SEQUENCE app."Seq";
