CREATE SCHEMA app;
CREATE TABLE app.settings (value text);
CREATE TABLE app.ids (id int PRIMARY KEY);
