CREATE SCHEMA app;
CREATE TABLE app.keyed (id int PRIMARY KEY);
CREATE TABLE app.whole (a int);
ALTER TABLE app.whole REPLICA IDENTITY FULL;
CREATE TABLE app.indexed (a int NOT NULL UNIQUE);
ALTER TABLE app.indexed REPLICA IDENTITY USING INDEX indexed_a_key;
CREATE PUBLICATION named FOR TABLE app.keyed, app.whole, app.indexed;
-- Only rows that come are published; unlogged tables are not published; another is in no publication.
CREATE TABLE app.visits (at timestamptz);
CREATE PUBLICATION inserts FOR TABLE app.visits WITH (publish = 'insert, truncate');
CREATE SCHEMA more;
CREATE UNLOGGED TABLE more.scratch (a int);
CREATE PUBLICATION schemas FOR TABLES IN SCHEMA more;
CREATE TABLE app.private (a int);
