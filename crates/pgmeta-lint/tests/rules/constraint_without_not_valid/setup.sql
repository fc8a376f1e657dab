CREATE SCHEMA app;
CREATE TABLE app.customers (id int PRIMARY KEY, name varchar(20));
CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int, price numeric(10,2), note varchar(20) NOT NULL, at timestamp);
CREATE INDEX orders_customer ON app.orders (customer_id);
CREATE DOMAIN app.mail AS text;
CREATE TABLE app.people (mail app.mail);
