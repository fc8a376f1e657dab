CREATE SCHEMA app;
CREATE TABLE app.p (a int, b int, PRIMARY KEY (a, b), UNIQUE (b, a));
CREATE TABLE app.q (a int, b int, PRIMARY KEY (a, b));
-- Other columns of the other table, another table, other own columns.
CREATE TABLE app.t (a int, b int, c int,
  FOREIGN KEY (a, b) REFERENCES app.p (a, b), FOREIGN KEY (b, a) REFERENCES app.p (a, b), FOREIGN KEY (a, b) REFERENCES app.q,
  FOREIGN KEY (a, c) REFERENCES app.p);
