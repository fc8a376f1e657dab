CREATE TABLE app.new (id int);
DROP TABLE app.new;
CREATE TEMP TABLE work (id int);
DROP TABLE work;
DROP VIEW app.v;
