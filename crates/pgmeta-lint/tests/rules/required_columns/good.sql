CREATE SCHEMA app;
CREATE TABLE app.orders (id int PRIMARY KEY, created_at timestamptz, updated_by text);
CREATE TABLE app.settings (name text PRIMARY KEY);
CREATE VIEW app.v AS SELECT id FROM app.orders;
