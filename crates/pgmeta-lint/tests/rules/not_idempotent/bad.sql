CREATE TABLE app.new (id int);
CREATE INDEX CONCURRENTLY i ON app.new (id);
ALTER TABLE app.new ADD n int;
DROP TABLE app.new;
CREATE VIEW app.v AS SELECT 1 AS a;
DROP INDEX IF EXISTS app.kept;
CREATE INDEX CONCURRENTLY other ON app.letters (id);
