CREATE SCHEMA app;
CREATE TABLE app.files (id int PRIMARY KEY, sha256 bytea, sha512 bytea, md5 bytea, version2 text, a1 int, a2 text, x1 int, x3 int);
