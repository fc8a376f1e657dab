CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, money numeric, b numeric(12, 2));
