ALTER INDEX app.orders_customer RENAME TO by_customer;
ALTER TABLE app.orders RENAME CONSTRAINT orders_pkey TO orders_key;
CREATE TABLE app.new (a int);
ALTER TABLE app.new RENAME TO newer;
