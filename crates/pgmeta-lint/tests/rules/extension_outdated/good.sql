CREATE SCHEMA app;
CREATE EXTENSION hstore SCHEMA app;
-- Nothing is known of its files.
CREATE EXTENSION ltree SCHEMA app;
