CREATE SCHEMA app;
CREATE TABLE app.customers (id int PRIMARY KEY, name varchar(20));
CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int, price numeric(10,2), note varchar(20) NOT NULL, at timestamp);
CREATE INDEX orders_customer ON app.orders (customer_id);
ALTER TABLE app.customers ADD CHECK (name IS NOT NULL);
ALTER TABLE app.orders ADD CONSTRAINT unproved CHECK (at IS NOT NULL) NOT VALID;
ALTER TABLE app.orders ADD CONSTRAINT other CHECK (price > 0) NOT VALID;
ALTER TABLE app.customers ADD phone text, ADD mail text, ADD CONSTRAINT reached CHECK (phone IS NOT NULL AND length(name) > 0);
ALTER TABLE app.customers ADD CONSTRAINT either CHECK (mail IS NOT NULL OR length(name) > 0);
