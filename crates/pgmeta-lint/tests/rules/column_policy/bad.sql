CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, ratio real, name varchar(500) NOT NULL DEFAULT '');
