CREATE SCHEMA app;
CREATE TABLE app.customers (id int PRIMARY KEY, name varchar(20));
CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int, price numeric(10,2), note varchar(20) NOT NULL, at timestamp);
CREATE INDEX orders_customer ON app.orders (customer_id);
CREATE MATERIALIZED VIEW app.totals AS SELECT customer_id, count(*) FROM app.orders GROUP BY 1;
CREATE UNIQUE INDEX ON app.totals (customer_id);
CREATE MATERIALIZED VIEW app.counted AS SELECT count(*) FROM app.orders;
