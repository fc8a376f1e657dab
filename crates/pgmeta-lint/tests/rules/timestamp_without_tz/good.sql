CREATE SCHEMA app;
CREATE TABLE app.t (a timestamptz, b timestamptz(3), c date, d time, "timestamp" text);
CREATE VIEW app.v AS SELECT a AT TIME ZONE 'UTC' AS utc FROM app.t;
