CREATE SCHEMA app;
CREATE DOMAIN app.number AS bigint CHECK (VALUE > 0);
CREATE DOMAIN app.code AS varchar(20);
CREATE TABLE app.p (id bigint PRIMARY KEY, name varchar(20) UNIQUE);
CREATE TABLE app.same (id bigint REFERENCES app.p, name varchar(20) REFERENCES app.p (name));
-- A domain is the type that it is based on.
CREATE TABLE app.domains (id app.number REFERENCES app.p, name app.code REFERENCES app.p (name));
