CREATE SCHEMA app;
CREATE TABLE app.notes (id int PRIMARY KEY);
CREATE TABLE app.events (a int) PARTITION BY LIST (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
