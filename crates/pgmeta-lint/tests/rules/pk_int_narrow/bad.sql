CREATE SCHEMA app;
CREATE TABLE app.identities (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY);
CREATE TABLE app.serials (id serial PRIMARY KEY);
CREATE TABLE app.given (id int PRIMARY KEY);
CREATE TABLE app.codes (id smallint PRIMARY KEY);
-- What refers to it is widened with it, and views on it are there again.
CREATE TABLE app.refers (id bigint PRIMARY KEY, given_id int NOT NULL REFERENCES app.given);
CREATE INDEX ON app.refers (given_id);
CREATE VIEW app.shown AS SELECT given_id, count(*) FROM app.refers GROUP BY given_id;
INSERT INTO app.given SELECT generate_series(1, 5);
INSERT INTO app.refers SELECT n, n FROM generate_series(1, 5) n;
INSERT INTO app.serials DEFAULT VALUES;
-- A sequence alone.
CREATE SEQUENCE app.numbers AS int;
-- A function takes no bigint; a condition of the server's operators does not matter; a publication forbids the change.
CREATE FUNCTION app.twice(int) RETURNS int IMMUTABLE LANGUAGE sql AS 'SELECT $1 * 2';
CREATE TABLE app.computed (id int PRIMARY KEY);
CREATE INDEX computed_twice ON app.computed (app.twice(id));
CREATE TABLE app.viewed (id int PRIMARY KEY);
CREATE VIEW app.twins AS SELECT app.twice(id) AS twin FROM app.viewed;
CREATE TABLE app.checked (id int PRIMARY KEY CHECK (id > 0));
CREATE TABLE app.published (id int PRIMARY KEY, n int);
CREATE PUBLICATION some_columns FOR TABLE app.published (id);
