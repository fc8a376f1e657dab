CREATE SCHEMA app;
CREATE TABLE app.notes (id int PRIMARY KEY, author text);
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY see ON app.notes FOR SELECT USING (true);
CREATE POLICY also ON app.notes AS RESTRICTIVE USING (true);
CREATE POLICY own ON app.notes USING (author = 'me');
CREATE POLICY same ON app.notes FOR DELETE USING (author = author);
CREATE POLICY never ON app.notes FOR INSERT WITH CHECK (false);
CREATE POLICY one ON app.notes FOR DELETE USING (id = 1);
