CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, no int UNIQUE, customer int REFERENCES app.orders, CHECK (no > 0));
CREATE INDEX ON app.orders (customer);
CREATE INDEX ON app.orders (customer, no);
CREATE INDEX ON app.orders (customer);
CREATE TABLE app.order_items (a int, day date, PRIMARY KEY (a, day)) PARTITION BY RANGE (day);
CREATE TABLE app.order_items_rest PARTITION OF app.order_items DEFAULT;
