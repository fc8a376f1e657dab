CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int);
CREATE INDEX orders_customer ON app.orders (customer_id);
CREATE TABLE app.events (at date) PARTITION BY RANGE (at);
CREATE INDEX orders_by_id ON app.orders (id);
