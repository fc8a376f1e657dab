CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, note text);
CREATE TABLE app.bare (note text);
