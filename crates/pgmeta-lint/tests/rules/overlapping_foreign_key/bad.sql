CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY, tenant int NOT NULL, UNIQUE (tenant, id), boss int, UNIQUE (boss, tenant));
-- One within the other.
CREATE TABLE app.notes (tenant int, author int REFERENCES app.users (id),
  FOREIGN KEY (tenant, author) REFERENCES app.users (tenant, id));
-- One column that is two things.
CREATE TABLE app.both (a int, b int, c int,
  FOREIGN KEY (a, b) REFERENCES app.users (tenant, id), FOREIGN KEY (b, c) REFERENCES app.users (tenant, id));
