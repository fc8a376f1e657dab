CREATE SCHEMA app;
CREATE DOMAIN app.price AS money;
CREATE TABLE app.t (id int PRIMARY KEY, a money, b money[]);
INSERT INTO app.t VALUES (1, 12.5, NULL);
