CREATE SCHEMA app;
CREATE DOMAIN app.price AS money;
CREATE TABLE app.t (id int PRIMARY KEY, a money, b money[]);
INSERT INTO app.t VALUES (1, 12.5, NULL);
-- What is computed with money, and a default, may have no meaning for a number.
CREATE TABLE app.computed (id int PRIMARY KEY, a money CHECK (a > '0'::money), b money DEFAULT '0', c money);
CREATE VIEW app.sums AS SELECT c * 2 AS twice FROM app.computed;
