CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY);
COMMENT ON TABLE app.t IS 'Things';
COMMENT ON COLUMN app.t.id IS 'Number';
CREATE TABLE app.events (a int) PARTITION BY LIST (a);
COMMENT ON TABLE app.events IS 'What happened';
COMMENT ON COLUMN app.events.a IS 'What';
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
CREATE INDEX ON app.t (id);
