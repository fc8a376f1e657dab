CREATE SCHEMA app;
CREATE DOMAIN app.clock AS timetz;
CREATE TABLE app.t (a timetz, b timetz(0)[]);
