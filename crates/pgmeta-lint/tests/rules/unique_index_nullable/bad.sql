CREATE SCHEMA app;
CREATE TABLE app.t (a int NOT NULL, b int, c int, UNIQUE (a, b), UNIQUE (c));
CREATE UNIQUE INDEX t_bc ON app.t (b, c) WHERE b IS NOT NULL;
