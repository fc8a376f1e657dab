SET statement_timeout = '10min';
ALTER TABLE app.orders ADD remark text;
CREATE TABLE app.new (a int);
