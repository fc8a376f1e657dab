CREATE SCHEMA app;
-- Keywords that can be names.
CREATE TABLE app.name (id int PRIMARY KEY, date date, type text, value int, position int, "Order" int, users int, comment text);
CREATE FUNCTION app."left"() RETURNS int LANGUAGE sql AS 'SELECT 1';
