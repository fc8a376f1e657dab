CREATE SCHEMA app;
CREATE TABLE app.a (id int PRIMARY KEY, b int);
CREATE TABLE app.b (id int PRIMARY KEY, c int);
CREATE TABLE app.c (id int PRIMARY KEY, a int REFERENCES app.a);
ALTER TABLE app.b ADD FOREIGN KEY (c) REFERENCES app.c DEFERRABLE;
ALTER TABLE app.a ADD FOREIGN KEY (b) REFERENCES app.b;
CREATE TABLE app.x (id int PRIMARY KEY, y int);
CREATE TABLE app.y (id int PRIMARY KEY, x int REFERENCES app.x);
ALTER TABLE app.x ADD FOREIGN KEY (y) REFERENCES app.y;
-- It refers to the circle, and is not in it.
CREATE TABLE app.d (id int PRIMARY KEY REFERENCES app.a);
