CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY, password_hash text, name text);
GRANT SELECT (id, name), INSERT ON app.users TO PUBLIC;
GRANT SELECT ON app.users TO pg_monitor;
CREATE TABLE app.own (id int PRIMARY KEY, secret text);
ALTER TABLE app.own ENABLE ROW LEVEL SECURITY;
GRANT SELECT ON app.own TO PUBLIC;
CREATE TABLE app.plain (id int PRIMARY KEY, name text);
GRANT SELECT ON app.plain TO PUBLIC;
