CREATE SCHEMA app;
CREATE DOMAIN app.code AS char(3);
CREATE TABLE app.countries (code char(2) PRIMARY KEY, letter char);
CREATE TABLE app.cities (id int PRIMARY KEY, country char(2) REFERENCES app.countries);
INSERT INTO app.countries VALUES ('de', 'D'), ('x', 'X');
INSERT INTO app.cities VALUES (1, 'x');
