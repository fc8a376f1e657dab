CREATE SCHEMA app;
CREATE TABLE app.t ();
CREATE TABLE app.dropped (a int);
ALTER TABLE app.dropped DROP a;
