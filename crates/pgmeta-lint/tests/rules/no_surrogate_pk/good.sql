CREATE SCHEMA app;
CREATE TABLE app.a (id int PRIMARY KEY);
CREATE TABLE app.b (id int PRIMARY KEY);
CREATE TABLE app.junction (a int REFERENCES app.a, b int REFERENCES app.b, note text, PRIMARY KEY (a, b));
CREATE TABLE app.events (id int, day date, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
