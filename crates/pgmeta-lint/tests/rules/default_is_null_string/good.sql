CREATE SCHEMA app;
CREATE TABLE app.t (id int PRIMARY KEY, a text DEFAULT NULL, b text DEFAULT 'NULLABLE', c text DEFAULT '', d text DEFAULT 'is ''null''');
-- Null of JSON is a value; a longer text begins with the word.
CREATE TABLE app.values (id int PRIMARY KEY, a jsonb DEFAULT 'null', b json DEFAULT 'null', c text DEFAULT 'null'::text || 'x');
