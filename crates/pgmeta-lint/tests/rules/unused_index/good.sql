CREATE SCHEMA app;
CREATE TABLE app.customers (id int PRIMARY KEY);
CREATE TABLE app.orders (id int PRIMARY KEY, note text, no int UNIQUE, customer int REFERENCES app.customers, day date);
CREATE INDEX orders_note ON app.orders (note);
CREATE INDEX orders_small ON app.orders (day);
CREATE INDEX orders_customer ON app.orders (customer);
CREATE UNIQUE INDEX orders_unique ON app.orders (day, note);
CREATE INDEX orders_unknown ON app.orders (day, no);
