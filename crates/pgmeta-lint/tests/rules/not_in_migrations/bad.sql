CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY);
CREATE TABLE app.by_hand (id int PRIMARY KEY);
CREATE INDEX index_by_hand ON app.orders ((id + 1));
CREATE FUNCTION app.by_hand() RETURNS int LANGUAGE sql AS 'SELECT 1';
