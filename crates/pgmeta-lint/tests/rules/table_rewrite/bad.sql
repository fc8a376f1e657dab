ALTER TABLE app.orders SET UNLOGGED;
ALTER TABLE app.customers SET LOGGED, ADD COLUMN age int;
ALTER TABLE app.orders SET TABLESPACE pg_default;
