CREATE SCHEMA app;
CREATE TABLE app.files (id int PRIMARY KEY, content bytea, relation regclass, lo text);
