CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, note text, customer int, day date);
CREATE INDEX orders_note ON app.orders (note);
CREATE INDEX orders_day ON app.orders (day);
CREATE TABLE app.events (a int, b int) PARTITION BY LIST (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
CREATE INDEX events_b ON app.events (b);
