CREATE SCHEMA app;
CREATE TABLE app.p (id bigint PRIMARY KEY);
CREATE TABLE app.t (id bigint, x int);
ALTER TABLE app.t ADD CONSTRAINT x_positive CHECK (x > 0) NOT VALID;
ALTER TABLE app.t ADD CONSTRAINT to_p FOREIGN KEY (id) REFERENCES app.p NOT VALID;
-- A parent's is reported once.
CREATE TABLE app.child () INHERITS (app.t);
CREATE DOMAIN app.positive AS int;
ALTER DOMAIN app.positive ADD CONSTRAINT over_zero CHECK (VALUE > 0) NOT VALID;
