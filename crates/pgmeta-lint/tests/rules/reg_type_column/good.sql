CREATE SCHEMA app;
CREATE TABLE app.jobs (id int PRIMARY KEY, a regclass, b regtype[], c regrole, d text);
CREATE VIEW app.shown AS SELECT 'app'::regnamespace AS schema;
