CREATE SCHEMA app;
CREATE TABLE app.p (id bigint PRIMARY KEY, short smallint UNIQUE, name varchar(20) UNIQUE, label text UNIQUE, c text COLLATE "C" UNIQUE);
-- Narrower: it is widened, with the columns that refer to it and the view on it.
CREATE TABLE app.narrow (id integer PRIMARY KEY REFERENCES app.p);
CREATE TABLE app.below (id integer REFERENCES app.narrow);
CREATE VIEW app.shown AS SELECT id FROM app.narrow WHERE id > 0;
-- Wider: its values may not fit.
CREATE TABLE app.wide (short integer REFERENCES app.p (short));
-- Modifiers, text, collations.
CREATE TABLE app.longer (name varchar(30) REFERENCES app.p (name));
CREATE TABLE app.shorter (name varchar(10) REFERENCES app.p (name));
CREATE TABLE app.bounded (label varchar(10) REFERENCES app.p (label));
CREATE TABLE app.collated (c text REFERENCES app.p (c));
