CREATE SCHEMA app;
CREATE TABLE app.jobs (id int PRIMARY KEY, payload text);
CREATE INDEX jobs_payload ON app.jobs (payload);
