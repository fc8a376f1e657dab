CREATE SCHEMA app;
CREATE TABLE app.notes (id int PRIMARY KEY, author text);
ALTER TABLE app.notes ENABLE ROW LEVEL SECURITY;
CREATE POLICY everything ON app.notes USING (true);
CREATE POLICY add ON app.notes FOR INSERT WITH CHECK (true);
CREATE POLICY change ON app.notes FOR UPDATE USING (author = 'me') WITH CHECK (1 = 1);
CREATE POLICY change_all ON app.notes FOR UPDATE USING ('a' = 'a') WITH CHECK (author = 'me');
CREATE POLICY remove ON app.notes FOR DELETE USING (true);
CREATE POLICY put ON app.notes USING (author = 'me') WITH CHECK (true);
