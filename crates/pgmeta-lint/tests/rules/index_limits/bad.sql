CREATE SCHEMA app;
CREATE TABLE app.t (a int, b int, c int, d int, e int, f int, UNIQUE (a, b, c, d, e, f));
CREATE INDEX t_twice ON app.t (a, b DESC, a);
CREATE TABLE app.many (a int PRIMARY KEY, b int);
CREATE INDEX ON app.many ((b + 1)); CREATE INDEX ON app.many ((b + 2)); CREATE INDEX ON app.many ((b + 3));
CREATE INDEX ON app.many ((b + 4)); CREATE INDEX ON app.many ((b + 5)); CREATE INDEX ON app.many ((b + 6));
CREATE INDEX ON app.many ((b + 7)); CREATE INDEX ON app.many ((b + 8)); CREATE INDEX ON app.many ((b + 9));
CREATE INDEX ON app.many (b);
