ALTER TABLE app.orders ADD CONSTRAINT one_customer UNIQUE USING INDEX orders_customer;
ALTER TABLE app.orders ADD CHECK (id > 0);
CREATE TABLE app.new (a int);
ALTER TABLE app.new ADD PRIMARY KEY (a);
