CREATE SCHEMA app;
CREATE DOMAIN app.handler AS regproc;
CREATE TABLE app.jobs (id int PRIMARY KEY, a regprocedure, b regoper[], c regconfig DEFAULT 'english');
INSERT INTO app.jobs VALUES (1, 'lower(text)');
CREATE MATERIALIZED VIEW app.stored AS SELECT 'app'::regnamespace AS schema;
