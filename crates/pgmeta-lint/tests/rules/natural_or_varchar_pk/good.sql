CREATE SCHEMA app;
CREATE TYPE app.kind AS ENUM ('a');
CREATE TABLE app.t (id uuid PRIMARY KEY, email text UNIQUE);
CREATE TABLE app.kinds (kind app.kind PRIMARY KEY);
CREATE TABLE app.refers (email text REFERENCES app.t (email), n int, PRIMARY KEY (n));
CREATE TABLE app.one_to_one (email text PRIMARY KEY REFERENCES app.t (email));
CREATE TABLE app.events (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
