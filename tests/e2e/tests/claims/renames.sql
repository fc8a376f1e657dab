-- options: {"renames": {"app.t": "t2", "app.t.n": "n2", "app.t_i": "t_i2", "app.s": "s2", "app.v": "v2", "app.m": "m2", "app.comp": "comp2", "app.e": "e2", "app.d": "d2", "app.comp.a": "b", "app.e.a": "b", "tr on app.t": "tr2"}}
-- old
CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, n int CHECK (n > 0), z int);
INSERT INTO app.t SELECT i, i, i FROM generate_series(1, 2000) i;
CREATE INDEX t_i ON app.t (z); CREATE SEQUENCE app.s; CREATE VIEW app.v AS SELECT 1 AS a; CREATE MATERIALIZED VIEW app.m AS SELECT 1 AS a;
CREATE TYPE app.comp AS (a int); CREATE TYPE app.e AS ENUM ('a'); CREATE DOMAIN app.d AS int;
CREATE TRIGGER tr BEFORE UPDATE ON app.t FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- new
CREATE SCHEMA app;
CREATE TABLE app.t2 (id int PRIMARY KEY, n2 int CHECK (n2 > 0), z int);
CREATE INDEX t_i2 ON app.t2 (z); CREATE SEQUENCE app.s2; CREATE VIEW app.v2 AS SELECT 1 AS a; CREATE MATERIALIZED VIEW app.m2 AS SELECT 1 AS a;
CREATE TYPE app.comp2 AS (b int); CREATE TYPE app.e2 AS ENUM ('b'); CREATE DOMAIN app.d2 AS int;
CREATE TRIGGER tr2 BEFORE UPDATE ON app.t2 FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
-- fails: ALTER TABLE app.t DROP CONSTRAINT t_n_check; UPDATE app.t SET n = -1 WHERE id = 7; ALTER TABLE app.t ADD CONSTRAINT t_n_check CHECK (n > 0) NOT VALID
