CREATE SCHEMA app;
CREATE TABLE app.p (a int, b int, PRIMARY KEY (a, b));
CREATE TABLE app.t (a int, b int);
ALTER TABLE app.t ADD CONSTRAINT first FOREIGN KEY (a, b) REFERENCES app.p;
ALTER TABLE app.t ADD CONSTRAINT second FOREIGN KEY (b, a) REFERENCES app.p (b, a) ON DELETE CASCADE;
-- The valid one stays.
ALTER TABLE app.t ADD CONSTRAINT earliest FOREIGN KEY (a, b) REFERENCES app.p NOT VALID;
-- To itself.
CREATE TABLE app.tree (id int PRIMARY KEY, up int REFERENCES app.tree REFERENCES app.tree);
