CREATE SCHEMA app;
CREATE DOMAIN app.code AS varchar(3);
CREATE TABLE app.t (email text PRIMARY KEY);
CREATE TABLE app.u (country app.code, day date, PRIMARY KEY (country, day));
