ALTER TABLE orders ADD remark text;
CREATE TABLE new (id int);
DROP VIEW v;
