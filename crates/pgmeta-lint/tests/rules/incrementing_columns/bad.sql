CREATE SCHEMA app;
CREATE TABLE app.people (id int PRIMARY KEY, phone1 text, phone2 text, line_0 int, line_1 int, line_2 int);
