CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, note text);
CREATE TABLE app.small (id int PRIMARY KEY);
CREATE TABLE app.rare (id int PRIMARY KEY);
CREATE TABLE app.unknown (id int PRIMARY KEY);
