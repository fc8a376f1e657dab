CREATE SCHEMA app;
CREATE TABLE app.empty (id int PRIMARY KEY);
CREATE TABLE app.unread (id int PRIMARY KEY);
