CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY, tenant int NOT NULL, UNIQUE (tenant, id));
CREATE TABLE app.teams (id int PRIMARY KEY, tenant int NOT NULL, UNIQUE (tenant, id));
-- A tenant in every key, to one table and to several.
CREATE TABLE app.notes (tenant int, author int, editor int, team int,
  FOREIGN KEY (tenant, author) REFERENCES app.users (tenant, id),
  FOREIGN KEY (tenant, editor) REFERENCES app.users (tenant, id),
  FOREIGN KEY (tenant, team) REFERENCES app.teams (tenant, id));
-- One column to two tables.
CREATE TABLE app.shared (id int REFERENCES app.users REFERENCES app.teams);
