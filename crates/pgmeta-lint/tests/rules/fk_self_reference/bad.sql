CREATE SCHEMA app;
CREATE TABLE app.tree (id int PRIMARY KEY, up int REFERENCES app.tree);
CREATE TABLE app.chain (id int PRIMARY KEY, next int UNIQUE REFERENCES app.chain DEFERRABLE);
