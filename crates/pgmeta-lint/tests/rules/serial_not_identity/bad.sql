CREATE SCHEMA app;
CREATE TABLE app.users (id bigserial PRIMARY KEY, other serial);
CREATE TABLE app."Odd" ("Id" serial PRIMARY KEY);
INSERT INTO app.users DEFAULT VALUES;
INSERT INTO app.users DEFAULT VALUES;
-- Another table uses the sequence.
CREATE TABLE app.shared (id serial PRIMARY KEY);
CREATE TABLE app.guest (id int PRIMARY KEY DEFAULT nextval('app.shared_id_seq'));
