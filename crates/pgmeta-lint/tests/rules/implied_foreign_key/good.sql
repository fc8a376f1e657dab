CREATE SCHEMA app;
CREATE SCHEMA other;
CREATE TABLE app.customers (id bigint PRIMARY KEY);
CREATE TABLE app.codes (code text PRIMARY KEY);
-- It has one, of several columns too.
CREATE TABLE app.orders (id bigint PRIMARY KEY, customer_id bigint REFERENCES app.customers);
-- Another type, another schema, a common name, its own key.
CREATE TABLE app.texts (id bigint PRIMARY KEY, customer_id text, code text);
CREATE TABLE other.orders (id bigint PRIMARY KEY, customer_id bigint);
CREATE TABLE app.things (thing_id bigint PRIMARY KEY, parent_thing_id bigint);
-- Two tables have a key of that name.
CREATE TABLE app.a (user_no int PRIMARY KEY);
CREATE TABLE app.b (user_no int PRIMARY KEY);
CREATE TABLE app.c (id bigint PRIMARY KEY, user_no int);
-- Computed.
CREATE TABLE app.computed (id bigint PRIMARY KEY, x bigint, customer_id bigint GENERATED ALWAYS AS (x + 1) STORED);
