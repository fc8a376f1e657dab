ALTER TABLE app.orders ADD remark text;
CREATE TEMP TABLE work (id int);
DROP TABLE work;
CREATE SCHEMA s;
DROP SCHEMA s;
