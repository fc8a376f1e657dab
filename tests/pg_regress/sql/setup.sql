-- The extension, roles and a schema that the other tests share. Nothing in it may print differently on another major.
SET client_min_messages = warning;
CREATE EXTENSION pgmeta;
DROP ROLE IF EXISTS pgmeta_reg_owner;
DROP ROLE IF EXISTS pgmeta_reg_nobody;
DROP ROLE IF EXISTS "pgmeta_reg Odd ""role""";
CREATE ROLE pgmeta_reg_owner;
CREATE ROLE pgmeta_reg_nobody;
CREATE ROLE "pgmeta_reg Odd ""role""";
CREATE SCHEMA reg AUTHORIZATION pgmeta_reg_owner;
SET ROLE pgmeta_reg_owner;
SET search_path = reg;
CREATE TYPE mood AS ENUM ('sad', 'ok', 'it''s "fine"');
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE TABLE person (
  id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name varchar(40) DEFAULT 'nobody',
  mood mood DEFAULT 'ok',
  age positive
);
COMMENT ON TABLE person IS 'People; it''s a "table"';
COMMENT ON COLUMN person.name IS 'a column';
CREATE TABLE pet (
  owner int REFERENCES person ON DELETE CASCADE,
  name text COLLATE "C",
  CONSTRAINT pet_name_not_empty CHECK (name <> '')
);
CREATE INDEX pet_lower_idx ON pet (lower(name) DESC) WHERE owner IS NOT NULL;
CREATE VIEW grown_up AS SELECT 'x'::text AS a, 1 AS b;
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE FUNCTION f(int, OUT x text) LANGUAGE sql STRICT AS $$SELECT '$1'$$;
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
CREATE TRIGGER touch BEFORE INSERT OR UPDATE OF name ON pet FOR EACH ROW EXECUTE FUNCTION touch('a', 'b''c');
CREATE POLICY own ON pet FOR SELECT TO pgmeta_reg_owner USING (owner > 0);
ALTER TABLE pet ENABLE ROW LEVEL SECURITY;
CREATE SEQUENCE counter AS smallint INCREMENT 2 CYCLE;
GRANT SELECT ON person TO pgmeta_reg_nobody;
GRANT UPDATE (name) ON person TO "pgmeta_reg Odd ""role""";
CREATE AGGREGATE total(int) (SFUNC = int4pl, STYPE = int, INITCOND = '0');
CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq);
RESET ROLE;
CREATE SCHEMA "Odd ""schema""";
CREATE TABLE "Odd ""schema"""."a/b" ("select" int);
CREATE TABLE "Odd ""schema"""."A" (x int);
CREATE TABLE "Odd ""schema""".a (x int);
CREATE TABLE "Odd ""schema"""."CON" (x int);
CREATE TABLE "Odd ""schema"""."new
line; DROP SCHEMA reg CASCADE; --" (x int);
