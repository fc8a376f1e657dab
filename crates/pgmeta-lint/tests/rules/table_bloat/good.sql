CREATE SCHEMA app;
CREATE TABLE app.jobs (id int PRIMARY KEY, payload text);
CREATE TABLE app.small (id int PRIMARY KEY);
