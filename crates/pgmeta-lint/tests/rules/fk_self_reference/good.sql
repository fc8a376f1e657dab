CREATE SCHEMA app;
CREATE TABLE app.tree (id int PRIMARY KEY, up int);
CREATE SCHEMA other;
-- The same name in another schema.
CREATE TABLE other.tree (id int PRIMARY KEY REFERENCES app.tree);
