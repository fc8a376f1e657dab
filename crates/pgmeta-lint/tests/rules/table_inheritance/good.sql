CREATE SCHEMA app;
CREATE TABLE app.events (a int) PARTITION BY LIST (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
CREATE TYPE app.pair AS (a int);
CREATE TABLE app.typed OF app.pair;
CREATE TABLE app.copied (LIKE app.events);
