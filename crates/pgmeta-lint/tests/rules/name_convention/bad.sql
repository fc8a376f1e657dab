CREATE SCHEMA app;
CREATE TABLE app.orders (id int, no int, customer int, CONSTRAINT orders_key PRIMARY KEY (id), CONSTRAINT "No" UNIQUE (no));
CREATE TABLE app.customer (id int CONSTRAINT customer_pkey PRIMARY KEY);
ALTER TABLE app.orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES app.customer;
CREATE INDEX by_customer ON app.orders (customer, lower('x'));
