CREATE SCHEMA app;
CREATE DOMAIN app.email AS text NOT NULL DEFAULT '';
CREATE TABLE app.t (id int PRIMARY KEY, email text CHECK (email LIKE '%@%'));
