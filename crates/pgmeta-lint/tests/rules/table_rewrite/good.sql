CREATE TABLE app.new (id int);
ALTER TABLE app.new SET UNLOGGED;
ALTER TABLE app.orders SET (fillfactor = 90);
ALTER INDEX app.orders_customer SET TABLESPACE pg_default;
ALTER TABLE app.orders SET LOGGED;
