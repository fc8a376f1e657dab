CREATE SCHEMA app;
CREATE TABLE app.notes (id int PRIMARY KEY);
CREATE POLICY a ON app.notes USING (id > 0);
CREATE POLICY "B c" ON app.notes FOR INSERT WITH CHECK (id > 0);
-- FORCE alone enables nothing.
CREATE TABLE app.forced (id int PRIMARY KEY);
ALTER TABLE app.forced FORCE ROW LEVEL SECURITY;
CREATE POLICY a ON app.forced USING (id > 0);
