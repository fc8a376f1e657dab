CREATE SCHEMA app;
CREATE TABLE app.a (no bigint, tag text);
CREATE TABLE app.b (no bigint, tag text[]);
CREATE TABLE app.c (no int);
