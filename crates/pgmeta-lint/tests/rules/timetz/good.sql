CREATE SCHEMA app;
CREATE TABLE app.t (a time, b timestamptz, c interval);
