CREATE SCHEMA app;
CREATE TABLE app.a (id bigint PRIMARY KEY, note text);
COMMENT ON TABLE app.a IS '@pgmeta({"ignore": ["primary_key"]})';
COMMENT ON COLUMN app.a.note IS 'Free text. @pgmeta({"ignored": []})';
CREATE VIEW app.v AS SELECT 1 AS one;
COMMENT ON VIEW app.v IS '@pgmeta(ignore)';
COMMENT ON SCHEMA app IS '@pgmeta(["ignore"])';
