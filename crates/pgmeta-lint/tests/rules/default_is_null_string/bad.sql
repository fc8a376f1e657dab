CREATE SCHEMA app;
CREATE DOMAIN app.word AS text DEFAULT 'null';
CREATE TABLE app.t (id int PRIMARY KEY, a text DEFAULT 'NULL', b varchar(9) DEFAULT 'Null', c text);
CREATE TABLE app.events (a text DEFAULT 'NULL') PARTITION BY LIST (a);
CREATE TABLE app.events_rest PARTITION OF app.events DEFAULT;
