CREATE SCHEMA app;
CREATE TABLE app.orders (id serial PRIMARY KEY);
-- A sequence of bigint numbers an integer column.
CREATE SEQUENCE app.numbers;
CREATE TABLE app.numbered (id int PRIMARY KEY DEFAULT nextval('app.numbers'));
CREATE TABLE app.owned (id int PRIMARY KEY);
CREATE SEQUENCE app.owned_numbers OWNED BY app.owned.id;
CREATE SEQUENCE app.short MAXVALUE 100;
CREATE SEQUENCE app.down INCREMENT -1 MINVALUE -100 MAXVALUE -1 START -1;
