CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, created_at timestamp);
CREATE TABLE app.events (day date) PARTITION BY RANGE (day);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
