CREATE SCHEMA app;
CREATE TABLE app.posts (id int PRIMARY KEY, tags text[], path int[] UNIQUE);
CREATE INDEX ON app.posts USING gin (tags);
-- Of the length, and stored only.
CREATE INDEX ON app.posts (cardinality(tags));
CREATE INDEX ON app.posts (id) INCLUDE (tags);
