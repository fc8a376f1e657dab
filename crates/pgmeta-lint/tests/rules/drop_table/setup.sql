CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int);
CREATE INDEX orders_customer ON app.orders (customer_id);
CREATE SCHEMA other;
CREATE TABLE other.invoices (id int);
