CREATE SCHEMA app;
CREATE TABLE app.notes (id int PRIMARY KEY);
CREATE VIEW app.shown AS SELECT id FROM app.notes;
GRANT SELECT ON app.shown TO PUBLIC;
CREATE VIEW app.off WITH (security_invoker = off, security_barrier) AS SELECT id FROM app.shown;
GRANT SELECT ON app.off TO pg_monitor;
