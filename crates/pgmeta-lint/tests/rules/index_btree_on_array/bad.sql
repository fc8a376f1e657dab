CREATE SCHEMA app;
CREATE DOMAIN app.words AS text[];
CREATE TABLE app.posts (id int PRIMARY KEY, tags text[], words app.words);
CREATE INDEX posts_tags ON app.posts (tags);
CREATE INDEX posts_both ON app.posts (id, words);
CREATE TABLE app.events (a int[]) PARTITION BY HASH (a);
CREATE TABLE app.events_0 PARTITION OF app.events FOR VALUES WITH (MODULUS 1, REMAINDER 0);
CREATE INDEX events_a ON app.events (a);
