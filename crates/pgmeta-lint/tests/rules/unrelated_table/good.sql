CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE app.a (id int PRIMARY KEY);
CREATE TABLE app.b (id int PRIMARY KEY REFERENCES app.a);
-- The only table of a schema, and one that is related by its partition.
CREATE TABLE other.alone (id int PRIMARY KEY);
CREATE TABLE app.events (id int) PARTITION BY LIST (id);
CREATE TABLE app.events_rest PARTITION OF app.events (FOREIGN KEY (id) REFERENCES app.a) DEFAULT;
