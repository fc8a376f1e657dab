CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a jsonb, b jsonb[], json text, c xml);
