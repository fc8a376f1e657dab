SET lock_timeout = '2s';
ALTER TABLE app.orders ADD remark text;
CREATE TABLE app.new (a int);
