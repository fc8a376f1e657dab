CREATE TABLE app.new (a int);
ALTER TABLE app.new RENAME a TO b;
ALTER TABLE app.orders RENAME CONSTRAINT orders_pkey TO orders_key;
