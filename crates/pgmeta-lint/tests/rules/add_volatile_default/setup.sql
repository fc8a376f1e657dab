CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, customer_id int);
CREATE INDEX orders_customer ON app.orders (customer_id);
CREATE FUNCTION public.lower(int) RETURNS text LANGUAGE sql AS 'SELECT random()::text';
CREATE DOMAIN app.positive AS int CHECK (VALUE > 0);
CREATE DOMAIN app.price AS app.positive;
CREATE DOMAIN app.plain AS int DEFAULT 1;
CREATE DOMAIN app.token AS uuid DEFAULT gen_random_uuid();
CREATE FUNCTION app.now() RETURNS timestamptz LANGUAGE plpgsql AS 'BEGIN RETURN clock_timestamp(); END';
