CREATE SCHEMA app;
CREATE TABLE app.t (a int);
CREATE TABLE app.checked (a int CHECK (a > 0));
CREATE TABLE app.events (a int) PARTITION BY LIST (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
