CREATE SCHEMA app;
CREATE SCHEMA billing;
CREATE TABLE app.customers (id bigint PRIMARY KEY);
CREATE TABLE app.orders (id bigint PRIMARY KEY, customer bigint REFERENCES app.customers);
