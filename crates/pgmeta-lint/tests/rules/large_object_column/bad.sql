CREATE SCHEMA app;
CREATE DOMAIN app.lo AS oid;
CREATE TABLE app.files (id int PRIMARY KEY, content oid, pages oid[], picture app.lo);
