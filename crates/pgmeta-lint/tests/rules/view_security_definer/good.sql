CREATE SCHEMA app;
CREATE TABLE app.notes (id int PRIMARY KEY);
CREATE VIEW app.invoker WITH (security_invoker) AS SELECT id FROM app.notes;
GRANT SELECT ON app.invoker TO PUBLIC;
CREATE VIEW app.private AS SELECT id FROM app.notes;
CREATE VIEW app.written AS SELECT id FROM app.notes;
GRANT INSERT ON app.written TO PUBLIC;
CREATE VIEW app.constant AS SELECT 1 AS one;
GRANT SELECT ON app.constant TO PUBLIC;
