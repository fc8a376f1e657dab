CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a varchar, b text, c char(3), d numeric(10));
