CREATE SCHEMA app;
CREATE TABLE app.keyed (a int PRIMARY KEY);
CREATE TABLE app.indexed (a int);
CREATE INDEX ON app.indexed (a);
CREATE TABLE app.excluding (r int4range, EXCLUDE USING gist (r WITH &&));
CREATE TABLE app.events (a int) PARTITION BY LIST (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
CREATE INDEX ON app.events_rest (a);
CREATE TABLE app.empty ();
