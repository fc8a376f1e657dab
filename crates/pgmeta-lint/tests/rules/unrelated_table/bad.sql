CREATE SCHEMA app;
CREATE TABLE app.a (id int PRIMARY KEY);
CREATE TABLE app.b (id int PRIMARY KEY REFERENCES app.a);
CREATE TABLE app.alone (id int PRIMARY KEY);
CREATE TABLE app.tree (id int PRIMARY KEY, up int REFERENCES app.tree);
