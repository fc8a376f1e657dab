CREATE SCHEMA app;
CREATE DOMAIN app.doc AS json;
CREATE TABLE app.t (id int PRIMARY KEY, a json DEFAULT '{}', b json[]);
INSERT INTO app.t VALUES (1, '{"a": 1}', NULL);
