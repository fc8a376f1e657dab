CREATE SCHEMA app;
CREATE TABLE app.users (id int PRIMARY KEY, password_hash text, "ApiToken" text, name text);
GRANT SELECT ON app.users TO PUBLIC;
CREATE TABLE app.cards (id int PRIMARY KEY, card_number text, cvv text);
GRANT SELECT (id, cvv) ON app.cards TO PUBLIC;
CREATE VIEW app.shown AS SELECT password_hash FROM app.users;
GRANT ALL ON app.shown TO PUBLIC;
