CREATE SCHEMA app;
CREATE DOMAIN app.doc AS json;
CREATE TABLE app.t (id int PRIMARY KEY, a json DEFAULT '{}', b json[]);
INSERT INTO app.t VALUES (1, '{"a": 1}', NULL);
-- Functions of json do not take jsonb.
CREATE TABLE app.computed (id int PRIMARY KEY, a json CHECK (json_typeof(a) = 'object'), b json);
CREATE VIEW app.lengths AS SELECT json_array_length(b) AS length FROM app.computed;
CREATE TYPE app.row AS (id int, body json);
CREATE TABLE app.typed OF app.row (PRIMARY KEY (id));
