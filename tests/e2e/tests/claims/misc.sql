-- old
CREATE SCHEMA app;
CREATE DOMAIN app.d AS int DEFAULT 4; CREATE TYPE app.rng AS RANGE (subtype = int4); CREATE TYPE app.c AS (a int);
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE app.t (id int PRIMARY KEY, n int, g int GENERATED ALWAYS AS (n * 2) STORED);
INSERT INTO app.t SELECT i, i FROM generate_series(1, 2000) i;
CREATE TABLE app.method (id int); INSERT INTO app.method SELECT i FROM generate_series(1, 2000) i;
CREATE MATERIALIZED VIEW app.m AS SELECT id FROM app.t;
CREATE INDEX t_n ON app.t (n); CREATE INDEX t_g ON app.t (id, n); ALTER INDEX app.t_n DEPENDS ON EXTENSION plpgsql;
CREATE FUNCTION app.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER claims_event ON sql_drop WHEN TAG IN ('DROP CAST') EXECUTE FUNCTION app.f();
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;
CREATE FOREIGN DATA WRAPPER claims_wrapper; CREATE SERVER claims_server FOREIGN DATA WRAPPER claims_wrapper;
CREATE FOREIGN TABLE app.far (id int, n int, gone int, span app.rng) SERVER claims_server OPTIONS (a '1');
-- new
CREATE SCHEMA app;
CREATE DOMAIN app.d AS int; CREATE TYPE app.rng AS RANGE (subtype = int8); CREATE TYPE app.c AS (a bigint);
CREATE ACCESS METHOD heap2 TYPE TABLE HANDLER heap_tableam_handler;
CREATE TABLE app.t (id int PRIMARY KEY, n int, g int);
CREATE TABLE app.method (id int) USING heap2;
CREATE MATERIALIZED VIEW app.m USING heap2 AS SELECT id FROM app.t;
CREATE INDEX t_n ON app.t (n); CREATE INDEX t_g ON app.t (id, n); ALTER INDEX app.t_g DEPENDS ON EXTENSION plpgsql;
CREATE FUNCTION app.f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';
CREATE EVENT TRIGGER claims_event ON sql_drop WHEN TAG IN ('DROP CAST') EXECUTE FUNCTION app.f();
ALTER EVENT TRIGGER claims_event DISABLE;
CREATE TABLE app.born (id int);
ALTER DEFAULT PRIVILEGES IN SCHEMA app GRANT SELECT ON TABLES TO PUBLIC;
CREATE FOREIGN DATA WRAPPER claims_wrapper OPTIONS (c '2'); CREATE SERVER claims_server FOREIGN DATA WRAPPER claims_wrapper OPTIONS (b '2');
CREATE FOREIGN TABLE app.far (id int OPTIONS (x '1'), n int NOT NULL, span app.rng, fresh int NOT NULL) SERVER claims_server OPTIONS (a '2');
