CREATE SCHEMA app;
CREATE TABLE app.customers (id bigint PRIMARY KEY);
CREATE TABLE app.categories (category_no int PRIMARY KEY);
CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint, category_no int, "Customer_Id" bigint);
-- A part of the primary key, and a domain.
CREATE DOMAIN app.number AS bigint;
CREATE TABLE app.lines (customer_id app.number, line int, PRIMARY KEY (customer_id, line));
-- In a partitioned table.
CREATE TABLE app.events (customer_id bigint, day date) PARTITION BY RANGE (day);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
