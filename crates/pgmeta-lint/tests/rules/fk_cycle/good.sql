CREATE SCHEMA app;
CREATE TABLE app.tree (id int PRIMARY KEY, up int REFERENCES app.tree);
-- A diamond.
CREATE TABLE app.left_side (id int PRIMARY KEY REFERENCES app.tree);
CREATE TABLE app.right_side (id int PRIMARY KEY REFERENCES app.tree);
CREATE TABLE app.bottom (l int REFERENCES app.left_side, r int REFERENCES app.right_side);
