CREATE SCHEMA app;
CREATE TABLE app.a (id bigint PRIMARY KEY, note text);
COMMENT ON TABLE app.a IS 'Written to pgmeta@example.com (by hand). @pgmeta({"ignore": ["no_primary_key", "B001"]})';
COMMENT ON COLUMN app.a.note IS '@pgmeta( {"ignore": "all"} )';
