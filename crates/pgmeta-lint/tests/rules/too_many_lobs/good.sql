CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a bytea, b bytea, c text, d text, e jsonb);
