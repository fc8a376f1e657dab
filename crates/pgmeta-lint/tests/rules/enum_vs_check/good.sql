CREATE SCHEMA app;
CREATE TYPE app.pair AS (a int, b int);
CREATE TABLE app.orders (id int PRIMARY KEY, status text CHECK (status IN ('open', 'closed')));
