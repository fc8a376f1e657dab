CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int);
CREATE INDEX orders_customer ON app.orders (customer_id);
CREATE FUNCTION public.lower(int) RETURNS text LANGUAGE sql AS 'SELECT random()::text';
