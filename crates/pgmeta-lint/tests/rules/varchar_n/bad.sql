CREATE SCHEMA app;
CREATE DOMAIN app.code AS varchar(3);
CREATE TABLE app.t (id int PRIMARY KEY, a varchar(10) UNIQUE, b varchar(20)[]);
CREATE TABLE app.refers (a varchar(10) REFERENCES app.t (a));
CREATE INDEX ON app.t (lower(a));
CREATE VIEW app.v AS SELECT upper(a) AS a FROM app.t;
